PRAGMA ignore_check_constraints = ON; UPDATE disk SET id = -1 WHERE id = 0; UPDATE copy SET disk = -1 WHERE disk = 0; UPDATE damage SET disk = -9;
