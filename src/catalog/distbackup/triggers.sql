-- Written when everything is in: indexes, and the sums that distbackup expects to be kept up.
CREATE INDEX file_tree_hash ON file_tree (hash);
CREATE INDEX file_need_hash ON file_tree (virtual_path) WHERE hash = '';
CREATE INDEX nexus_prio ON nexus (level, totalsize DESC);
CREATE INDEX object_prio ON object (copies DESC, blocksize);
CREATE INDEX object_size ON object (blocksize);
CREATE INDEX object_refs ON object (refs);
CREATE INDEX object_refs_copies ON object (refs, copies);
CREATE INDEX object_nexus ON object (nexus);
CREATE INDEX unused_nexus_index ON disk (nexus_index) WHERE name ISNULL;

CREATE TRIGGER object_insert AFTER INSERT ON object BEGIN
  INSERT INTO nexus (nexus) VALUES (NEW.nexus) ON CONFLICT (nexus) DO NOTHING;
  UPDATE nexus SET refs = refs + 1, totalsize = totalsize + NEW.relevant_size,
                   saturated_size = saturated_size + NEW.saturated_size WHERE nexus = NEW.nexus;
END;

CREATE TRIGGER object_update AFTER UPDATE ON object
WHEN (OLD.nexus, OLD.relevant_size, OLD.saturated_size) IS NOT (NEW.nexus, NEW.relevant_size, NEW.saturated_size) BEGIN
  INSERT INTO nexus (nexus) VALUES (NEW.nexus) ON CONFLICT (nexus) DO NOTHING;
  UPDATE nexus SET refs = refs + 1, totalsize = totalsize + NEW.relevant_size,
                   saturated_size = saturated_size + NEW.saturated_size WHERE nexus = NEW.nexus;
  UPDATE nexus SET refs = refs - 1, totalsize = totalsize - OLD.relevant_size,
                   saturated_size = saturated_size - OLD.saturated_size WHERE nexus = OLD.nexus;
END;

CREATE TRIGGER object_delete AFTER DELETE ON object BEGIN
  UPDATE nexus SET refs = refs - 1, totalsize = totalsize - OLD.relevant_size,
                   saturated_size = saturated_size - OLD.saturated_size WHERE nexus = OLD.nexus;
END;

CREATE TRIGGER file_tree_insert AFTER INSERT ON file_tree WHEN NEW.hash <> '' BEGIN
  INSERT INTO object (hash, size, last_path, last_modtime)
    VALUES (NEW.hash, NEW.size, NEW.virtual_path, coalesce(NEW.last_modified, 0)) ON CONFLICT (hash) DO NOTHING;
  UPDATE object SET refs = refs + 1,
    priority = coalesce((SELECT max(priority) FROM file_tree WHERE hash = NEW.hash), 1),
    maxcopies = (SELECT max(maxcopies) FROM file_tree WHERE hash = NEW.hash) WHERE hash = NEW.hash;
END;

CREATE TRIGGER file_tree_update AFTER UPDATE ON file_tree WHEN OLD.hash IS NOT NEW.hash BEGIN
  INSERT INTO object (hash, size, last_path, last_modtime)
    SELECT NEW.hash, NEW.size, NEW.virtual_path, coalesce(NEW.last_modified, 0) WHERE NEW.hash <> ''
    ON CONFLICT (hash) DO NOTHING;
  UPDATE object SET refs = refs + 1,
    priority = coalesce((SELECT max(priority) FROM file_tree WHERE hash = NEW.hash), 1),
    maxcopies = (SELECT max(maxcopies) FROM file_tree WHERE hash = NEW.hash) WHERE hash = NEW.hash;
  UPDATE object SET refs = refs - 1,
    priority = coalesce((SELECT max(priority) FROM file_tree WHERE hash = OLD.hash), 1),
    maxcopies = (SELECT max(maxcopies) FROM file_tree WHERE hash = OLD.hash) WHERE hash = OLD.hash;
END;

CREATE TRIGGER file_tree_delete AFTER DELETE ON file_tree BEGIN
  UPDATE object SET refs = refs - 1,
    priority = coalesce((SELECT max(priority) FROM file_tree WHERE hash = OLD.hash), 1),
    maxcopies = (SELECT max(maxcopies) FROM file_tree WHERE hash = OLD.hash) WHERE hash = OLD.hash;
END;
