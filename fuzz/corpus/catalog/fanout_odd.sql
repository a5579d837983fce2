UPDATE snapshot SET utc_offset = -9223372036854775808, taken = -9223372036854775808; UPDATE disk SET fanout = 99, tree = 5, tree_taken = -7;
