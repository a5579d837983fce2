UPDATE entry SET name = CAST('..' AS BLOB) WHERE kind = 1;
