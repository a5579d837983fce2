-- A small shelf: two disks, two states, and one entry of nearly every kind.
INSERT INTO file_system VALUES (1, 'uuid:a', 1);
INSERT INTO owner VALUES (1, 420, 0, 0, x'726f6f74', x'726f6f74'), (2, 493, 1000, 1000, x'6d65', x'6d65');
INSERT INTO xattr_set VALUES (1, zeroblob(32));
INSERT INTO xattr VALUES (1, CAST('user.a' AS BLOB), x'01'), (1, CAST('user.b' AS BLOB), x'');
INSERT INTO source_map (vpath, path) VALUES (CAST('/s' AS BLOB), CAST('/home/me' AS BLOB));
INSERT INTO snapshot (id, taken, complete, problems) VALUES (1, 1000000000, 1, 0), (2, 2000000000, 1, 1);
UPDATE catalog SET next_snapshot = 3, next_directory = 4, generation = 5;
INSERT INTO object VALUES (1, CAST('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' AS BLOB), 10, NULL),
                          (2, CAST('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' AS BLOB), 5000, 4096),
                          (3, CAST('cccccccccccccccccccccccccccccccc' AS BLOB), 1, NULL);
INSERT INTO disk (id, uuid, name, path, budget, reserve, reserve_used, block, keeps_holes, label, fs_uuid, fs_type, model,
                  serial, size, free, last_seen, last_written, generation, session, nonce, closed, same_device)
VALUES (0, CAST('0123456789abcdef' AS BLOB), 'a', CAST('/mnt/a' AS BLOB), 1000000000, 100000, 5000, 4096, 1, '', '', 'ext4', '',
        '', 2000000000, 900000000, 1000, 1000, 5, 4, -1, 1, 0),
       (5, CAST('0123456789abcdeg' AS BLOB), 'b', CAST('/mnt/b' AS BLOB), 50000, 10000, 5000, 4096, 0, '', '', 'exfat', '',
        '', 60000, 1000, NULL, NULL, 0, 0, 0, 0, 1);
INSERT INTO copy VALUES (1, 0, 4, 20000, 0), (1, 5, 0, 19000, 0), (2, 0, 4, 0, 1), (3, 5, 0, 19000, 0);
INSERT INTO holding VALUES (1, 33, 1, 10), (1, 0, 1, 5000), (0, 32, 1, 1);
INSERT INTO damage VALUES (2, 5, 19000);
INSERT INTO growth VALUES (19000, 1, 10), (19001, 2, 5010);
INSERT INTO path_setting (vpath, copies, priority, hidden) VALUES (CAST('/s/d' AS BLOB), 2, 10, 0);
INSERT INTO path_rule VALUES (CAST('/s/d' AS BLOB), 0, 0, CAST('*.tmp' AS BLOB)), (CAST('/s/d' AS BLOB), 1, 2, CAST('keep' AS BLOB));
INSERT INTO entry VALUES
  (0, CAST('s' AS BLOB), 1, NULL, 1, 1, NULL, 0, 1, 1, NULL, NULL, 0, 2, NULL, NULL, NULL, 0, 1, 0),
  (1, CAST('d' AS BLOB), 1, NULL, 1, 2, NULL, 0, 1, 1, 1, 1, 2, 2, 1, NULL, NULL, 0, 1, 0),
  (2, CAST('e' AS BLOB), 1, NULL, 1, 3, NULL, 0, 1, 1, 1, 1, 3, 2, NULL, NULL, NULL, 0, 1, 0),
  (1, CAST('file' AS BLOB), 1, NULL, 0, NULL, 1, 10, 1, 1, 1, 1, 4, 1, 1, NULL, NULL, 1, 1, 5),
  (2, CAST('again' AS BLOB), 1, NULL, 0, NULL, 1, 10, 1, 1, 1, 1, 4, 1, NULL, NULL, NULL, 1, 1, 5),
  (2, CAST('sparse' AS BLOB), 2, NULL, 0, NULL, 2, 5000, 1, 1, 1, 1, 5, 1, NULL, NULL, NULL, 2, 1, 5),
  (2, CAST('sparse' AS BLOB), 1, 1, 0, NULL, 3, 1, 1, 1, 1, 1, 5, 1, NULL, NULL, NULL, 0, 1, 5),
  (3, CAST('empty' AS BLOB), 1, NULL, 0, NULL, NULL, 0, 1, 1, 1, 1, 6, 1, NULL, NULL, NULL, 0, 1, 0),
  (1, CAST('link' AS BLOB), 1, NULL, 2, NULL, NULL, 4, 1, 1, 1, 1, 7, 1, NULL, CAST('file' AS BLOB), NULL, 0, 1, 0),
  (1, CAST('pipe' AS BLOB), 1, NULL, 3, NULL, NULL, 0, 1, 1, 1, 1, 8, 1, NULL, NULL, NULL, 0, 1, 0);
INSERT INTO suspect VALUES (1, CAST('file' AS BLOB), 3, 1, 5);
INSERT INTO side_setting VALUES (1, CAST('file' AS BLOB), 3, 255);
