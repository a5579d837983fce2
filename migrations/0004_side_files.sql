-- What a file beside another one says of it, and what is known of sets that distbackup made.

-- How a file is to be protected, as NAME.meta-inf beside it says; NULL: it says nothing of that.
CREATE TABLE side_setting (
  parent    INTEGER NOT NULL,                 -- the directory that both stand in
  name      BLOB NOT NULL,                    -- of the file that is spoken of
  priority  INTEGER CHECK (priority BETWEEN 1 AND 255),
  maxcopies INTEGER CHECK (maxcopies BETWEEN 1 AND 255), -- 255: any number
  PRIMARY KEY (parent, name)
) STRICT, WITHOUT ROWID;

-- entry.hashed = -1: taken over from distbackup, whose word its content is; no dsb has read it yet.
-- While such an entry has no file system, its mtime is in whole milliseconds and only kind, size,
-- mtime, inode and content are known; the first update that finds it the same fills in the rest.
