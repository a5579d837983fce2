UPDATE entry SET name = CAST('..' AS BLOB) WHERE name = CAST('file' AS BLOB);
