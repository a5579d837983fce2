-- Sums for what is asked often: written in the transaction of what they sum, counted afresh where
-- catalog.holdings_true says that they are not true. holding.live = 2: needed only by older
-- snapshots that are held in free room; 0: needed by nobody.

-- What each disk holds, by the session that wrote it and the day it was last proven.
CREATE TABLE proof (
  disk    INTEGER NOT NULL REFERENCES disk (id),
  session INTEGER NOT NULL,                   -- as the copies have it
  proven  INTEGER NOT NULL,
  objects INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,
  taken   INTEGER NOT NULL,                   -- bytes that they take there, blocks and names counted
  PRIMARY KEY (disk, session, proven)
) STRICT, WITHOUT ROWID;

-- How many entries of each kind the newest state has.
CREATE TABLE entry_count (
  kind    INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL
) STRICT;

-- The few copies that could not be read: who asks for them need not look at all others.
CREATE INDEX copy_doubt ON copy (object) WHERE doubt;

UPDATE catalog SET holdings_true = 0;
