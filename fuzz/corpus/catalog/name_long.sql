UPDATE entry SET name = CAST(hex(zeroblob(150)) AS BLOB) WHERE name = CAST('file' AS BLOB);
