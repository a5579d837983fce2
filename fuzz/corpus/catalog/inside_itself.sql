UPDATE entry SET parent = directory WHERE name = CAST('d' AS BLOB);
