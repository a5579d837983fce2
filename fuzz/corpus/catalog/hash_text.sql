PRAGMA ignore_check_constraints = ON; UPDATE object SET hash = CAST('../../../../../etc/passwd' AS BLOB) WHERE id = 1;
