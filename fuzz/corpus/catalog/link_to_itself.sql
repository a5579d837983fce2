UPDATE entry SET target = CAST('link' AS BLOB) WHERE kind = 2;
