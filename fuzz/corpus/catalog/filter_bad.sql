UPDATE path_rule SET pattern = x'ff0a' WHERE position = 1;
