UPDATE entry SET owner = 999;
