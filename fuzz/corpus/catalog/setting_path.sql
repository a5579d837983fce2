UPDATE path_setting SET vpath = CAST('/../..' AS BLOB); UPDATE side_setting SET name = CAST('..' AS BLOB);
