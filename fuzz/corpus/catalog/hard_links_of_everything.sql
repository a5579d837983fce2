UPDATE entry SET linked = 1, inode = 4, file_system = 1;
