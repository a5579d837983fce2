UPDATE entry SET target = CAST('/dsb-fuzz-escaped' AS BLOB) WHERE kind = 2;
