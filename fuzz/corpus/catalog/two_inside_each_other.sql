UPDATE entry SET parent = 3 WHERE directory = 2;
