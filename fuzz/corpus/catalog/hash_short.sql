PRAGMA ignore_check_constraints = ON; UPDATE object SET hash = x'ab' WHERE id = 1;
