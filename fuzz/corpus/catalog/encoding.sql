PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 2; PRAGMA writable_schema = OFF;
