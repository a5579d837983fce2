UPDATE entry SET name = CAST('../../dsb-fuzz-escaped' AS BLOB) WHERE name = CAST('file' AS BLOB);
