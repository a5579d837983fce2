UPDATE entry SET kind = 77 WHERE name = CAST('file' AS BLOB);
