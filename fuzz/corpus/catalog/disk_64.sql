PRAGMA ignore_check_constraints = ON; UPDATE disk SET id = 64 WHERE id = 0; UPDATE copy SET disk = 64 WHERE disk = 0;
