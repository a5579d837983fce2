UPDATE entry SET kind = 2, target = CAST('../..' AS BLOB) WHERE directory = 2;
