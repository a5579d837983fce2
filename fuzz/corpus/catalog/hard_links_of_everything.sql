UPDATE entry SET marks = 1, inode = 4, file_system = 1;
