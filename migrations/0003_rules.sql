-- What a person has left out of the backup set, and what is kept as it was last seen.

-- Flags of one path; the four are not inherited as copies and priority are.
ALTER TABLE path_setting ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;   -- 1: not scanned, kept as last seen
ALTER TABLE path_setting ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;   -- 1: not in the set, nor is what lies below
ALTER TABLE path_setting ADD COLUMN follow INTEGER NOT NULL DEFAULT 0;   -- 1: symlinks in this very folder stand for what they point to
ALTER TABLE path_setting ADD COLUMN inherits INTEGER NOT NULL DEFAULT 1; -- 0: rules of folders above end here

-- What is left out below a path by name or by place, in the order in which it was said.
CREATE TABLE path_rule (
  vpath    BLOB NOT NULL REFERENCES path_setting (vpath),
  position INTEGER NOT NULL,
  kind     INTEGER NOT NULL,                  -- 0: of names, as distbackup writes it; 1: leaves out, 2: takes in, lines as in .gitignore
  pattern  BLOB NOT NULL,
  PRIMARY KEY (vpath, position)
) STRICT, WITHOUT ROWID;
