UPDATE entry SET name = CAST('a/b' AS BLOB) WHERE name = CAST('file' AS BLOB);
