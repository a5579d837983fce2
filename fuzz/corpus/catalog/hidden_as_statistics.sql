CREATE VIEW "sqlitexstat1" AS SELECT 1;
