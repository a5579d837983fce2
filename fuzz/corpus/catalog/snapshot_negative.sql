UPDATE snapshot SET id = -1 WHERE id = 2; UPDATE entry SET first = -1, last = -1 WHERE first = 2; UPDATE entry SET directory = -1 WHERE directory = 3; UPDATE entry SET parent = -1 WHERE parent = 3;
