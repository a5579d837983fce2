UPDATE entry SET size = -1; UPDATE object SET size = -1, data = -1;
