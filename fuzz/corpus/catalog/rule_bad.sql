UPDATE path_rule SET pattern = CAST('/(a{1000}){1000}' AS BLOB) WHERE position = 0;
