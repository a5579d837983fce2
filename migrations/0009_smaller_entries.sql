-- Smaller numbers, a column less and a smaller index: the catalog takes seven bytes a file less.

-- Most files got their ctime soon after they were made. What is stored is how long after, in
-- nanoseconds; NULL: the file system does not say, or a number so large that no time is meant.
ALTER TABLE entry RENAME COLUMN birth TO age;
UPDATE entry SET age = CASE WHEN typeof(ctime - age) = 'integer' THEN ctime - age END WHERE age IS NOT NULL;

-- Two flags in one column: 1 as linked had it, the file had other names too; 2: its holes are to be
-- holes again.
ALTER TABLE entry RENAME COLUMN linked TO marks;
UPDATE entry SET marks = (marks <> 0) + 2 * (sparse <> 0) WHERE sparse <> 0 OR marks NOT IN (0, 1);
ALTER TABLE entry DROP COLUMN sparse;

-- Four bytes of a hash tell ten million contents apart but for one in four hundred, and each is
-- compared as a whole anyway.
DROP INDEX object_hash;
CREATE INDEX object_hash ON object (substr(hash, 1, 4));

-- catalog.holdings_true = 2: the sums are those of the state before a change that is under way,
-- which knows what it makes of them; what is left so by one that was cut off is not true.
-- Whether rows of forgotten snapshots may still be there is a thing of its own.
ALTER TABLE catalog ADD COLUMN forgetting INTEGER NOT NULL DEFAULT 0; -- 1: snapshots went, and not yet all that only they showed
UPDATE catalog SET forgetting = 1;
