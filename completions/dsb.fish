complete --keep-order --exclusive --command dsb --arguments "(COMPLETE=fish dsb -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
