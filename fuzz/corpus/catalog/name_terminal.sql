UPDATE entry SET name = CAST('a'||char(27)||'[2J'||char(10)||'' AS BLOB) WHERE name = CAST('file' AS BLOB);
