UPDATE entry SET object = 4242 WHERE name = CAST('file' AS BLOB);
