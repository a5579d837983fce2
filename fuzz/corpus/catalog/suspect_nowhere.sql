UPDATE suspect SET parent = 77, old_object = 77, new_object = 77;
