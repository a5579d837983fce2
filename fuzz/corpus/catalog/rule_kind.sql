UPDATE path_rule SET kind = 99 WHERE position = 1;
