UPDATE entry SET xattr_set = 999;
