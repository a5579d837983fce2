# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_dsb_global_optspecs
    string join \n d/db= v/verbose q/quiet json h/help V/version
end

function __fish_dsb_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_dsb_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_dsb_using_subcommand
    set -l cmd (__fish_dsb_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c dsb -n "__fish_dsb_needs_command" -s d -l db -d 'The catalog\'s folder [default: `$DISTBACKUP_PATH`, else ~/.config/distbackup]' -r -F
complete -c dsb -n "__fish_dsb_needs_command" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_needs_command" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_needs_command" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_needs_command" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_needs_command" -s V -l version -d 'Print version'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "protect" -d 'Back up one folder to one disk: map, add the disk, update, back up'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "source" -d 'The real folders that make up the backup set'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "update" -d 'Look what changed in the mapped folders, and read what is new'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "disk" -d 'The disks of the shelf'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "backup" -d 'Bring one attached disk up to date'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "restore" -d 'Bring files back, from one disk alone or from the shelf'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "verify" -d 'Read and prove every copy on a disk'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "info" -d 'What is protected, how well, and what to do next'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "ls" -d 'List the files of the backup set'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "where" -d 'Which disks have a file, when each was last seen and proven'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "retention" -d 'Which older states are kept'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "suspect" -d 'Files whose content changed though their size and time did not'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand protect" -l on -d 'A folder on the backup disk; becomes a disk of the shelf if it is none yet' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand protect" -l name -d 'What to call a new disk [default: from its mount point]' -r
complete -c dsb -n "__fish_dsb_using_subcommand protect" -s s -l size -d 'Bytes dsb may use on a new disk (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]' -r
complete -c dsb -n "__fish_dsb_using_subcommand protect" -l same-device -d 'Take the folder though no disk is mounted there'
complete -c dsb -n "__fish_dsb_using_subcommand protect" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand protect" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand protect" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand protect" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -f -a "map" -d 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -f -a "unmap" -d 'Take a map away; the next update takes its files out of the set'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -f -a "list" -d 'List the maps'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -f -a "set" -d 'Say how well paths are to be protected, and all below them; shows what holds if nothing is set'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list set help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from map" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from map" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from map" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from map" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unmap" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unmap" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unmap" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unmap" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s c -l copies -d 'Copies wanted, on disks that fail apart; more only fill free room; 0: as above it' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s p -l priority -d 'Served before what has a lower one, among what has as few copies; 0: as above it' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s m -l maxcopies -d 'Never more copies than so many; 0: as above it' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "map" -d 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "unmap" -d 'Take a map away; the next update takes its files out of the set'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the maps'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "set" -d 'Say how well paths are to be protected, and all below them; shows what holds if nothing is set'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand update" -l oldest -d 'With --rehash: only the part last read longest ago' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -l accept-loss -d 'What is gone from this map is really gone' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -l accept-source -d 'What is mapped here is on another drive now' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -s j -l jobs -d 'Files read at once [default: one for each core]' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -l ignore-ctime -d 'A file with another change time alone is the same file (after a chmod over everything)'
complete -c dsb -n "__fish_dsb_using_subcommand update" -l rehash -d 'Read known files again, to look for rot'
complete -c dsb -n "__fish_dsb_using_subcommand update" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand update" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand update" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand update" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "add" -d 'Add a disk, once for each labelled drive'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "list" -d 'List the disks; -v adds uuid, file system, model, serial number and last writing'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "set" -d 'Set what can be set of a disk'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "rename" -d 'Give a disk another name'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "drop" -d 'Forget what a disk holds: it is lost, or empty'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "del" -d 'Take a disk that holds nothing off the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "refresh" -d 'Count afresh what is on a disk'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and not __fish_seen_subcommand_from add list set rename drop del refresh help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -s s -l size -d 'Bytes dsb may use (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]' -r
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -s g -l group -d 'Where it stands: disks of one group may be lost together, and do not protect each other' -r
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -l same-device -d 'Take the folder though no disk is mounted there'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s s -l size -d 'Bytes dsb may use on it' -r
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s p -l path -d 'Where its folder is now' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s g -l group -d 'Where it stands: disks of one group may be lost together, and do not protect each other' -r
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -l same-device -d 'Its folder may share a file system with others'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -l no-group -d 'It stands by itself'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from drop" -l lost -d 'It is really lost, with the only copies on it'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from drop" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from drop" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from drop" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from drop" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from del" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from del" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from del" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from del" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from refresh" -s p -l path -d 'Where its folder is now' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from refresh" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from refresh" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from refresh" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from refresh" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a disk, once for each labelled drive'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the disks; -v adds uuid, file system, model, serial number and last writing'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set what can be set of a disk'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Give a disk another name'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "drop" -d 'Forget what a disk holds: it is lost, or empty'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "del" -d 'Take a disk that holds nothing off the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "refresh" -d 'Count afresh what is on a disk'
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -l limit -d 'Copy so much at most' -r
complete -c dsb -n "__fish_dsb_using_subcommand backup" -l maxcopies -d 'Copy nothing that has so many copies' -r
complete -c dsb -n "__fish_dsb_using_subcommand backup" -s j -l jobs -d 'Files copied at once [default: one for each core]' -r
complete -c dsb -n "__fish_dsb_using_subcommand backup" -l simulate -d 'Show what would be done and why; do nothing'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -l no-evict -d 'Take no copy away to make room for another'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -s u -l update -d 'Update first'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -l delete-many -d 'Remove what nobody needs, however much it is'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand backup" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l from -d 'From the disk at this folder alone, through its own catalog copy' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s f -l filter -d 'Only what matches (a shell pattern over the virtual path); repeatable' -r
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l overwrite -d 'Replace files that are there and differ'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l checksum -d 'Read files that are there, do not go by size and time'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l numeric-ids -d 'Owners and groups by number, not by name'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l trusted -d 'With --from: restore set-user-id bits and device nodes too'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s s -l start -d 'Begin with objects whose names begin so' -r
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s e -l errors -d 'Write a line for each damaged copy: disk, object, size, path, what (tabs between)' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s j -l jobs -d 'Objects read at once [default: one for each core]' -r
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s c -l check -d 'Report only'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -l delete -d 'Delete damaged objects instead of moving them to bad-objects/'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand info" -l check -d 'Exit with 3 while something has fewer copies than are wanted'
complete -c dsb -n "__fish_dsb_using_subcommand info" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand info" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand info" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand info" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -l disk -d 'Only what this disk holds' -r
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand where" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand where" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand where" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand where" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -f -a "show" -d 'Show the policy and what it makes of the snapshots'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -f -a "set" -d 'Replace the policy'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and not __fish_seen_subcommand_from show set help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -l keep-last -d 'So many of the newest states, guaranteed' -r
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -l keep-within -d 'All states of so many days before the newest (90d)' -r
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -l history -d 'How firmly --keep-within holds' -r -f -a "guaranteed\t'Like the newest state'
best-effort\t'In free room only'"
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the policy and what it makes of the snapshots'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from help" -f -a "set" -d 'Replace the policy'
complete -c dsb -n "__fish_dsb_using_subcommand retention; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -f -a "list" -d 'List them'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -f -a "accept" -d 'The new content is right'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -f -a "reject" -d 'The new content is wrong: keep the old one'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and not __fish_seen_subcommand_from list accept reject help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from accept" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from accept" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from reject" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from reject" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from reject" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from reject" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from help" -f -a "accept" -d 'The new content is right'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from help" -f -a "reject" -d 'The new content is wrong: keep the old one'
complete -c dsb -n "__fish_dsb_using_subcommand suspect; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "protect" -d 'Back up one folder to one disk: map, add the disk, update, back up'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "source" -d 'The real folders that make up the backup set'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "update" -d 'Look what changed in the mapped folders, and read what is new'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "disk" -d 'The disks of the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "backup" -d 'Bring one attached disk up to date'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "restore" -d 'Bring files back, from one disk alone or from the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "verify" -d 'Read and prove every copy on a disk'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "info" -d 'What is protected, how well, and what to do next'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "ls" -d 'List the files of the backup set'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "where" -d 'Which disks have a file, when each was last seen and proven'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "retention" -d 'Which older states are kept'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "suspect" -d 'Files whose content changed though their size and time did not'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info ls where retention suspect completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "map" -d 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "unmap" -d 'Take a map away; the next update takes its files out of the set'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "list" -d 'List the maps'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "set" -d 'Say how well paths are to be protected, and all below them; shows what holds if nothing is set'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "add" -d 'Add a disk, once for each labelled drive'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "list" -d 'List the disks; -v adds uuid, file system, model, serial number and last writing'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "set" -d 'Set what can be set of a disk'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "rename" -d 'Give a disk another name'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "drop" -d 'Forget what a disk holds: it is lost, or empty'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "del" -d 'Take a disk that holds nothing off the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from disk" -f -a "refresh" -d 'Count afresh what is on a disk'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from retention" -f -a "show" -d 'Show the policy and what it makes of the snapshots'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from retention" -f -a "set" -d 'Replace the policy'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from suspect" -f -a "list" -d 'List them'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from suspect" -f -a "accept" -d 'The new content is right'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from suspect" -f -a "reject" -d 'The new content is wrong: keep the old one'
