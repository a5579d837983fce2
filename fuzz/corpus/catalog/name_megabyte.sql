UPDATE entry SET name = CAST(hex(zeroblob(500000)) AS BLOB) WHERE name = CAST('file' AS BLOB);
