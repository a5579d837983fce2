UPDATE entry SET name = CAST('x.dbtmp~' AS BLOB) WHERE name = CAST('file' AS BLOB);
