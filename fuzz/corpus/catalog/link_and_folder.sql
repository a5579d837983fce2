INSERT INTO entry SELECT parent, CAST('link' AS BLOB), first + 1, NULL, 1, 2, NULL, 0,1,1,1,1,9,2,NULL,NULL,NULL,0,1,0 FROM entry WHERE name = CAST('link' AS BLOB);
