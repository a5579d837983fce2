UPDATE xattr SET value = zeroblob(500000), name = CAST(hex(zeroblob(500)) AS BLOB) WHERE name = CAST('user.a' AS BLOB);
