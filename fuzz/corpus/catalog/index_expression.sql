CREATE INDEX i ON object (abs(size));
