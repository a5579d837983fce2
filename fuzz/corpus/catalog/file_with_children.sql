UPDATE entry SET kind = 0 WHERE directory = 2;
