-- An object is found by the first bytes of its hash. An index of whole hashes, as a UNIQUE column
-- has it, was a sixth of the catalog. That no hash stands twice is seen to by whoever writes, and
-- looked at by `catalog check`.

CREATE TABLE object_found_by_prefix (
  id   INTEGER PRIMARY KEY,                   -- stands for the hash in every other table
  hash BLOB NOT NULL CHECK (length(hash) = 32), -- SHA-256
  size INTEGER NOT NULL,
  data INTEGER                                -- bytes that are not holes; NULL: all of them
) STRICT;

INSERT INTO object_found_by_prefix SELECT id, hash, size, data FROM object;
DROP TABLE object;
ALTER TABLE object_found_by_prefix RENAME TO object;
CREATE INDEX object_hash ON object (substr(hash, 1, 6));
