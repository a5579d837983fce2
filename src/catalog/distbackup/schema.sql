-- What distbackup 1.0.20 asks of its catalog: tables, columns and sums that its statements name.

CREATE TABLE path_map (virtual_path TEXT PRIMARY KEY, real_path TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE path_config (virtual_path TEXT PRIMARY KEY, config TEXT NOT NULL DEFAULT '{}') STRICT, WITHOUT ROWID;

-- hash: NULL for a file without bytes, '' for one that nobody has read; last_modified in milliseconds.
CREATE TABLE file_tree (
  virtual_path  TEXT PRIMARY KEY,
  last_modified INTEGER,
  hash          TEXT,
  ino           INTEGER,
  size          INTEGER,
  priority      INTEGER NOT NULL DEFAULT 1,
  maxcopies     INTEGER,
  metadata      TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE symbolic_link (virtual_path TEXT PRIMARY KEY, target TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- A set of disks, one digit each: sums over the content that exactly these hold.
CREATE TABLE nexus (
  nexus          TEXT PRIMARY KEY,
  level          INTEGER AS (length(replace(nexus, '0', ''))) STORED,
  refs           INTEGER DEFAULT 0,
  totalsize      INTEGER NOT NULL DEFAULT 0,
  disks          TEXT NOT NULL DEFAULT '',
  saturated_size INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE object (
  hash           TEXT PRIMARY KEY,
  size           INTEGER DEFAULT 0,
  blocksize      INTEGER AS ((size + 8191) & ~4095),
  size_order     INTEGER AS (SIZE_ORDER) STORED,
  nexus          TEXT NOT NULL DEFAULT '',
  copies         INTEGER AS (length(replace(nexus, '0', ''))) STORED,
  priority       INTEGER NOT NULL DEFAULT 1,
  maxcopies      INTEGER,
  refs           INTEGER NOT NULL DEFAULT 0,
  last_path      TEXT NOT NULL DEFAULT '',
  last_modtime   INTEGER NOT NULL DEFAULT 0,
  saturated      INTEGER AS (iif(copies >= maxcopies, 1, 0)),
  relevant_size  INTEGER AS (iif(refs > 0, blocksize, 0)),
  saturated_size INTEGER AS (iif(refs > 0 AND copies >= maxcopies, blocksize, 0))
) STRICT;

CREATE TABLE disk (
  uuid          TEXT PRIMARY KEY,
  name          TEXT UNIQUE,
  nexus_index   INTEGER NOT NULL UNIQUE,
  relative_path TEXT,
  fstype        TEXT,
  fsuuid        TEXT,
  size          INTEGER
) STRICT, WITHOUT ROWID;
