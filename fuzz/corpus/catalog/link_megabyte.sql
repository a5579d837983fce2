UPDATE entry SET target = CAST(hex(zeroblob(400000)) AS BLOB) WHERE kind = 2;
