UPDATE entry SET name = x'fffe2f' WHERE name = CAST('file' AS BLOB);
