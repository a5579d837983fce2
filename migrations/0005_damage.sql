-- What was found not to be true of the disks, until it is made good.

-- Copies that were found damaged or missing on a disk and are claimed there no longer. A row goes
-- when the disk has a good copy again, or nobody needs the object any more.
CREATE TABLE damage (
  object INTEGER NOT NULL REFERENCES object (id),
  disk   INTEGER NOT NULL REFERENCES disk (id),
  found  INTEGER NOT NULL,                    -- the day (since 1970)
  PRIMARY KEY (object, disk)
) STRICT, WITHOUT ROWID;

-- 1: what the catalog claims of this disk is from an older state of the catalog, so it licenses no
-- eviction elsewhere until the disk was attached.
ALTER TABLE disk ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0;
