-- History as a person sets it: how many states of which ages, tags, states that are held by hand,
-- paths that are to be forgotten everywhere, and disks that show their states as browsable trees.

-- Where and when a state was taken: its local time is what its name, and the buckets of retention,
-- are reckoned in, so that they are the same wherever they are asked for.
ALTER TABLE snapshot ADD COLUMN utc_offset INTEGER NOT NULL DEFAULT 0; -- seconds east of UTC
ALTER TABLE snapshot ADD COLUMN held INTEGER NOT NULL DEFAULT 0;       -- 1: a person keeps it, whatever the policy says
ALTER TABLE snapshot ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;   -- 1: content only of older states made way, and it is of them

-- Words that people put on states.
CREATE TABLE snapshot_tag (
  snapshot INTEGER NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE,
  tag      TEXT NOT NULL,
  PRIMARY KEY (snapshot, tag)
) STRICT, WITHOUT ROWID;

-- The newest state of each of so many hours, days ... that have one.
ALTER TABLE catalog ADD COLUMN keep_hourly  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog ADD COLUMN keep_daily   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog ADD COLUMN keep_weekly  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog ADD COLUMN keep_monthly INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog ADD COLUMN keep_yearly  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog ADD COLUMN keep_within  TEXT;                      -- '2y5m7d3h' before the newest; NULL: only what is counted
ALTER TABLE catalog ADD COLUMN fill         INTEGER NOT NULL DEFAULT 0; -- 1: all other states too, in free room
UPDATE catalog SET keep_within = keep_within_days || 'd' WHERE keep_within_days IS NOT NULL;
ALTER TABLE catalog DROP COLUMN keep_within_days;

-- States with one of these tags are kept.
CREATE TABLE keep_tag (
  tag TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Content of paths that were purged from all history, until no disk holds it any more.
CREATE TABLE purge (
  object INTEGER PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
  asked  INTEGER NOT NULL
) STRICT;

-- Browsable trees of hard links, and where objects lie.
ALTER TABLE disk ADD COLUMN tree INTEGER NOT NULL DEFAULT 0;       -- 1: it shows its states as trees
ALTER TABLE disk ADD COLUMN tree_taken INTEGER NOT NULL DEFAULT 0; -- bytes that their folders took at the last visit
ALTER TABLE disk ADD COLUMN fanout INTEGER;                        -- so many folders of two hex digits; NULL: one of three, as distbackup has it

-- holding.live = 3: needed only by older snapshots that the policy guarantees.
UPDATE catalog SET holdings_true = 0;
