UPDATE xattr SET name = CAST('security.capability' AS BLOB) WHERE name = CAST('user.b' AS BLOB);
