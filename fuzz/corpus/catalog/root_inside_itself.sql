UPDATE entry SET directory = 0 WHERE name = CAST('d' AS BLOB);
