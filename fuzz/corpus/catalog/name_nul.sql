UPDATE entry SET name = CAST('a'||char(0)||'b' AS BLOB) WHERE name = CAST('file' AS BLOB);
