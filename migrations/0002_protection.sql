-- How well which part of the tree is to be protected, and which disks may fail together.

-- What a person set for a path of the virtual tree; all below it inherits what it does not set.
CREATE TABLE path_setting (
  vpath     BLOB PRIMARY KEY,
  copies    INTEGER CHECK (copies BETWEEN 1 AND 64), -- wanted on disks that fail apart; NULL: inherited
  priority  INTEGER CHECK (priority BETWEEN 0 AND 255),
  maxcopies INTEGER CHECK (maxcopies BETWEEN 1 AND 255) -- never more than so many
) STRICT, WITHOUT ROWID;

-- What had to be protected at the end of a day on which that changed: where the shelf is going.
CREATE TABLE growth (
  day     INTEGER PRIMARY KEY,                -- since 1970
  objects INTEGER NOT NULL,
  bytes   INTEGER NOT NULL
) STRICT;

-- Equal for disks on one drive or one file system; '' where unknown.
ALTER TABLE disk ADD COLUMN device TEXT NOT NULL DEFAULT '';
-- Disks that a person says may be lost together, as they stand in one place; '': none.
ALTER TABLE disk ADD COLUMN group_name TEXT NOT NULL DEFAULT '';
