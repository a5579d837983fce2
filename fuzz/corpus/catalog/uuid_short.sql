PRAGMA ignore_check_constraints = ON; UPDATE disk SET uuid = x'00' WHERE id = 0; UPDATE catalog SET uuid = x'';
