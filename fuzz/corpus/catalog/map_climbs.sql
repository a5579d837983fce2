UPDATE source_map SET vpath = CAST('/../x' AS BLOB), path = x'00';
