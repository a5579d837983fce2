UPDATE entry SET target = NULL WHERE kind = 2;
