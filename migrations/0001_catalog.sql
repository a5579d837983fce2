-- The catalog of dsb: one virtual tree with its history, and which disk holds which content.
--
-- Times are nanoseconds since 1970-01-01 UTC, sizes are bytes, names and paths are the raw bytes
-- that the file system has, flags are 0 or 1. An unsigned 64-bit number (inode, nonce) is stored
-- as the signed number with the same bits.

-- What there is one of: the catalog's identity, its counters and its settings.
CREATE TABLE catalog (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  uuid             BLOB NOT NULL CHECK (length(uuid) = 16),
  created          INTEGER NOT NULL,
  generation       INTEGER NOT NULL,          -- raised by every session that changes the catalog
  next_directory   INTEGER NOT NULL,          -- ids are never given twice: history refers to them
  next_snapshot    INTEGER NOT NULL,
  holdings_true    INTEGER NOT NULL,          -- 0: an update began and has not summed up again
  unhashed_files   INTEGER NOT NULL,          -- known to the last update, but not read by it
  unhashed_bytes   INTEGER NOT NULL,
  keep_last        INTEGER NOT NULL CHECK (keep_last >= 1),
  keep_within_days INTEGER,                   -- NULL: only keep_last counts
  best_effort      INTEGER NOT NULL,          -- 1: keep_within_days holds in free room only
  trust_days       INTEGER NOT NULL           -- a disk unseen for longer licenses no eviction elsewhere
) STRICT;

-- A dated state of the whole virtual tree, recorded by an update that found a change.
CREATE TABLE snapshot (
  id             INTEGER PRIMARY KEY,         -- later states have larger numbers
  taken          INTEGER NOT NULL,
  complete       INTEGER NOT NULL,            -- 0: the update was interrupted
  problems       INTEGER NOT NULL             -- files and directories that could not be read
) STRICT;

-- Real directories and where they stand in the virtual tree; the innermost map of a path counts.
CREATE TABLE source_map (
  vpath       BLOB PRIMARY KEY,               -- '/photos', '/' for the root itself
  path        BLOB NOT NULL,                  -- absolute
  file_system INTEGER REFERENCES file_system (id), -- where its root was at the last update; NULL: never seen
  scanned     INTEGER                         -- when an update last read all of it
) STRICT, WITHOUT ROWID;

-- File systems that sources were seen on, by an identity that outlives replugging and rebooting.
CREATE TABLE file_system (
  id       INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,
  stable   INTEGER NOT NULL                   -- 0: inode numbers and ctime mean nothing there (FUSE, exFAT, network)
) STRICT;

-- Modes and owners: a handful, shared by all entries.
CREATE TABLE owner (
  id         INTEGER PRIMARY KEY,
  mode       INTEGER NOT NULL,                -- permission bits, setuid, setgid and sticky
  uid        INTEGER NOT NULL,
  gid        INTEGER NOT NULL,
  user_name  BLOB NOT NULL,                   -- empty: the system knew no name
  group_name BLOB NOT NULL,
  UNIQUE (mode, uid, gid, user_name, group_name)
) STRICT;

-- Sets of extended attributes, ACLs among them, shared by all entries with the same set.
CREATE TABLE xattr_set (
  id     INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE                 -- SHA-256 over lengths, names and values in order
) STRICT;

CREATE TABLE xattr (
  xattr_set INTEGER NOT NULL REFERENCES xattr_set (id),
  name      BLOB NOT NULL,
  value     BLOB NOT NULL,
  PRIMARY KEY (xattr_set, name)
) STRICT, WITHOUT ROWID;

-- Content, named by its hash.
CREATE TABLE object (
  id   INTEGER PRIMARY KEY,                   -- stands for the hash in every other table
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256
  size INTEGER NOT NULL,
  data INTEGER                                -- bytes that are not holes; NULL: all of them
) STRICT;

-- One version of one file, directory, symlink or special of the virtual tree. Files of length 0
-- have no object; a file without one and with a length does not occur: what is not hashed yet is
-- not in the tree yet.
CREATE TABLE entry (
  parent      INTEGER NOT NULL,               -- id of the directory it stands in; 0: the root
  name        BLOB NOT NULL,
  first       INTEGER NOT NULL,               -- the snapshot that first saw this version
  last        INTEGER,                        -- the last that still did; NULL: it is in the newest state
  kind        INTEGER NOT NULL,               -- 0 file, 1 directory, 2 symlink, 3 fifo, 4 socket, 5 character, 6 block device
  directory   INTEGER,                        -- a directory's id: the same in all its versions
  object      INTEGER REFERENCES object (id),
  size        INTEGER NOT NULL,
  mtime       INTEGER NOT NULL,
  ctime       INTEGER NOT NULL,
  birth       INTEGER,                        -- NULL: the file system does not say
  file_system INTEGER REFERENCES file_system (id), -- NULL: a directory made by a source map alone
  inode       INTEGER NOT NULL,
  owner       INTEGER NOT NULL REFERENCES owner (id),
  xattr_set   INTEGER REFERENCES xattr_set (id), -- NULL: none
  target      BLOB,                           -- where a symlink points
  node        INTEGER,                        -- what a device node stands for
  linked      INTEGER NOT NULL,               -- 1: the file had other names too; equal file_system and inode make them one
  sparse      INTEGER NOT NULL,
  settled     INTEGER NOT NULL,               -- 0: as young as its scan, so it is hashed again next time
  hashed      INTEGER NOT NULL,               -- when the run began that last read its bytes, in whole seconds; 0: it has none
  PRIMARY KEY (parent, name, first)
) STRICT, WITHOUT ROWID;

-- Who needs an object: the rows that refer to it, with the span of each.
CREATE INDEX entry_object ON entry (object, last, first) WHERE object IS NOT NULL;
-- From a directory's id to its place, for paths from the bottom up.
CREATE INDEX entry_directory ON entry (directory, last) WHERE directory IS NOT NULL;
-- What has left the newest state: all that forgetting a snapshot has to look at.
CREATE INDEX entry_closed ON entry (last) WHERE last IS NOT NULL;

-- Content that changed under an unchanged size and mtime. The new bytes are the entry; the old
-- object stays live until a person accepts or rejects the change.
CREATE TABLE suspect (
  parent     INTEGER NOT NULL,
  name       BLOB NOT NULL,
  old_object INTEGER NOT NULL REFERENCES object (id),
  new_object INTEGER REFERENCES object (id),  -- NULL: it became empty
  found      INTEGER NOT NULL,
  PRIMARY KEY (parent, name)
) STRICT, WITHOUT ROWID;

-- The shelf.
CREATE TABLE disk (
  id              INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 63), -- its bit in every set of disks
  uuid            BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),  -- as in its marker
  name            TEXT NOT NULL UNIQUE,
  path            BLOB NOT NULL,              -- its data directory where it was last seen
  budget          INTEGER NOT NULL,           -- bytes dsb may use on it
  reserve         INTEGER NOT NULL,           -- of these for catalog copies and folders
  reserve_used    INTEGER NOT NULL,           -- of the reserve, what they took at the last visit
  block           INTEGER NOT NULL,           -- allocation unit
  keeps_holes     INTEGER NOT NULL,
  label           TEXT NOT NULL,              -- the medium as of the last visit; '' where unknown
  fs_uuid         TEXT NOT NULL,
  fs_type         TEXT NOT NULL,
  model           TEXT NOT NULL,
  serial          TEXT NOT NULL,
  size            INTEGER NOT NULL,
  free            INTEGER NOT NULL,
  last_seen       INTEGER,
  last_written    INTEGER,
  generation      INTEGER NOT NULL,           -- of the catalog copy on it; 0: none yet
  session         INTEGER NOT NULL,           -- the session that its marker is known to carry
  nonce           INTEGER NOT NULL,
  pending_session INTEGER,                    -- announced, not known to have reached the marker
  pending_nonce   INTEGER,
  closed          INTEGER NOT NULL,           -- 1: that session ended with everything on the medium
  same_device     INTEGER NOT NULL            -- 1: the person agreed that it shares a file system
) STRICT;

-- Which copies exist: the object lies wholly and durably on the disk.
CREATE TABLE copy (
  object  INTEGER NOT NULL REFERENCES object (id),
  disk    INTEGER NOT NULL REFERENCES disk (id),
  session INTEGER NOT NULL,                   -- the disk's session that wrote it; 0: read and proven since
  proven  INTEGER NOT NULL,                   -- the day (since 1970) its bytes were last hashed
  doubt   INTEGER NOT NULL,                   -- 1: it could not be read; it counts as no protection
  PRIMARY KEY (object, disk)
) STRICT, WITHOUT ROWID;

-- Sums over objects by the exact set of disks that hold them, for `info`. Written in the same
-- transaction as the claims; recounted when an update is done.
CREATE TABLE holding (
  live    INTEGER NOT NULL,                   -- 1: the newest or a guaranteed snapshot needs them
  disks   INTEGER NOT NULL,                   -- one bit a disk; 0: no copy anywhere
  objects INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,
  PRIMARY KEY (live, disks)
) STRICT, WITHOUT ROWID;
