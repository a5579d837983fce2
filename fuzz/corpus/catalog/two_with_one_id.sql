UPDATE entry SET directory = 2 WHERE directory IS NOT NULL;
