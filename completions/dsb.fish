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
complete -c dsb -n "__fish_dsb_needs_command" -f -a "source" -d 'The real folders that make up the backup set; alone: list them'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "update" -d 'Look what changed in the mapped folders, and read what is new'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "disk" -d 'The disks of the shelf'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "backup" -d 'Bring one attached disk up to date'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "restore" -d 'Bring files back, from one disk alone or from the shelf'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "verify" -d 'Read and prove every copy on a disk'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "info" -d 'What is protected, how well, and what to do next'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "next" -d 'Which disk to attach next and why, and how many attachments are left'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "forecast" -d 'How far the shelf is from each number of copies, and when it is full'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "ls" -d 'List the files of the backup set'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "tree" -d 'Sums by folder and number of copies, as a tree'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "du" -d 'The same for the paths you name, a line each'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "ncdu" -d 'The same to look around in with the program ncdu'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "find" -d 'Find names in everything that is catalogued, older states too'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "where" -d 'Which disks have a file, when each was last seen and proven'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "retention" -d 'Which older states are kept'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "suspect" -d 'Files whose content changed though their size and time did not'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "simulate" -d 'Play a shelf through that is written down in a file, with the planner of `backup`'
complete -c dsb -n "__fish_dsb_needs_command" -f -a "debug" -d 'What helps to find out why'
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
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "map" -d 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "unmap" -d 'Take a map away; the next update takes its files out of the set'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "list" -d 'List the maps, and what is set for paths'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "lock" -d 'Keep paths as they were last seen, unscanned; without any: list what is locked'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "unlock" -d 'Scan paths again'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "set" -d 'Set how paths are protected and what is left out; without options: show what holds'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "reset" -d 'Take away all that is set for paths'
complete -c dsb -n "__fish_dsb_using_subcommand source; and not __fish_seen_subcommand_from map unmap list lock unlock set reset help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
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
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from lock" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from lock" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from lock" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from lock" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unlock" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s c -l copies -d 'Copies wanted, on disks that fail apart; more only fill free room; 0: as above it' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s p -l priority -d 'Served before what has a lower one, among what has as few copies; 0: as above it' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s m -l maxcopies -d 'Never more copies than so many; 0: as above it' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s i -l ignore -d 'Leave out names that match, here and below; repeatable, the first that matches counts; with ! before it: keep them; a name, a shell pattern, or /REGEX; \'\' alone: no rules' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l exclude -d 'Leave out what matches, in the syntax of .gitignore over the path below VPATH' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l include -d 'Take in again what an earlier --exclude leaves out; the last that matches counts' -r
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s l -l lock -d 'Keep it as it was last seen, do not scan it'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s u -l unlock -d 'Scan it again'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s a -l append -d 'With --ignore: behind the rules that are set, not in their place'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l no-inherit -d 'Rules and filters of folders above do not hold here'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l inherit -d 'They do (as at first)'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l no-filters -d 'Take all of --exclude and --include away, before those given here'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l hide -d 'Leave it out, with all below it'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l unhide -d 'Do not leave it out'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l follow -d 'Take symlinks in this very folder for what they point to'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l nofollow -d 'Keep symlinks as symlinks (as at first)'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from reset" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "map" -d 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "unmap" -d 'Take a map away; the next update takes its files out of the set'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the maps, and what is set for paths'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "lock" -d 'Keep paths as they were last seen, unscanned; without any: list what is locked'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Scan paths again'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set how paths are protected and what is left out; without options: show what holds'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Take away all that is set for paths'
complete -c dsb -n "__fish_dsb_using_subcommand source; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand update" -l oldest -d 'With --rehash: only the part last read longest ago' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -l accept-loss -d 'What is gone from this map is really gone' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -l accept-source -d 'What is mapped here is on another drive now' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -s j -l jobs -d 'Files read at once [default: one for each core]' -r
complete -c dsb -n "__fish_dsb_using_subcommand update" -l ignore-ctime -d 'A file with another change time alone is the same file (after a chmod over everything)'
complete -c dsb -n "__fish_dsb_using_subcommand update" -l ignore-lock -d 'Scan what is locked, this once'
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
complete -c dsb -n "__fish_dsb_using_subcommand disk; and __fish_seen_subcommand_from set" -s r -l relpath -d 'Where its folder is below the mount point, wherever that is; `.`: at the mount point itself' -r -F
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
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s e -l existing -d 'Leave out what this folder has at the same path, and is as long; repeatable' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s l -l link -d 'Share the bytes with the disk instead of copying them; only on the disk\'s own file system'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l minset -d 'Restore nothing; say which disks are needed, the fewest. What DESTINATION has is left out'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l overwrite -d 'Replace files that are there and differ'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l checksum -d 'Read files that are there, do not go by size and time'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l numeric-ids -d 'Owners and groups by number, not by name'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l trusted -d 'With --from: restore set-user-id bits and device nodes too; with --link: names of its objects'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand restore" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s s -l start -d 'Begin with objects whose names begin so' -r
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s e -l errors -d 'Write a line for each damaged copy as it is found: disk, place on it, size, path, what (tabs between); @N: to the open file descriptor N, as in `-e @3 3>FILE`' -r
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s j -l jobs -d 'Objects read at once [default: one for each core]' -r
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s c -l check -d 'Report only: nothing on the disk or in the catalog is changed'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s d -l delete -d 'Delete damaged objects instead of moving them to bad-objects/; not with --check, which changes nothing'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand verify" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand info" -l no-saturated -d 'Leave what has as many copies as it may (--maxcopies) out of what each disk holds; -v shows that by the number of copies'
complete -c dsb -n "__fish_dsb_using_subcommand info" -l check -d 'Exit with 3 while something has fewer copies than are wanted'
complete -c dsb -n "__fish_dsb_using_subcommand info" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand info" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand info" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand info" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand next" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand next" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand next" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand next" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand forecast" -l add -d 'Suppose a new disk of this size (8T); repeatable' -r
complete -c dsb -n "__fish_dsb_using_subcommand forecast" -l lose -d 'Suppose these disks are lost' -r
complete -c dsb -n "__fish_dsb_using_subcommand forecast" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand forecast" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand forecast" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand forecast" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s d -l disk -d 'Only what this disk holds' -r
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s l -l long -d 'Mode, owner, size, time, copies and disks too'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand ls" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s m -l mincopies -d 'Only files with so many copies at least' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s x -l maxcopies -d 'Only files with so many copies at most' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s c -l copies -d 'Only files with exactly so many copies' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s i -l include -d 'Only files that are on this disk; repeatable: on all of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s e -l exclude -d 'Only files that are not on this disk; repeatable: on none of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s d -l simulate-drop -d 'Count copies as if `dsb disk drop DISK` were run; repeatable. Where files are is still asked as it is now: -d A -i A -x 0 shows what would be lost with A' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -l depth -d 'So many folders deep; 0: all of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand tree" -l files -d 'Show files too, not folders only'
complete -c dsb -n "__fish_dsb_using_subcommand tree" -l long -d 'For each number of copies files and bytes, however wide that is'
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand tree" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand tree" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand du" -s m -l mincopies -d 'Only files with so many copies at least' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -s x -l maxcopies -d 'Only files with so many copies at most' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -s c -l copies -d 'Only files with exactly so many copies' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -s i -l include -d 'Only files that are on this disk; repeatable: on all of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -s e -l exclude -d 'Only files that are not on this disk; repeatable: on none of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -s d -l simulate-drop -d 'Count copies as if `dsb disk drop DISK` were run; repeatable. Where files are is still asked as it is now: -d A -i A -x 0 shows what would be lost with A' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -l depth -d 'So many folders below each [default: 0; without any path: 1]' -r
complete -c dsb -n "__fish_dsb_using_subcommand du" -l long -d 'For each number of copies files and bytes, however wide that is'
complete -c dsb -n "__fish_dsb_using_subcommand du" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand du" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand du" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand du" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s m -l mincopies -d 'Only files with so many copies at least' -r
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s x -l maxcopies -d 'Only files with so many copies at most' -r
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s c -l copies -d 'Only files with exactly so many copies' -r
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s i -l include -d 'Only files that are on this disk; repeatable: on all of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s e -l exclude -d 'Only files that are not on this disk; repeatable: on none of them' -r
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s d -l simulate-drop -d 'Count copies as if `dsb disk drop DISK` were run; repeatable. Where files are is still asked as it is now: -d A -i A -x 0 shows what would be lost with A' -r
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s o -l output -d 'Write it into a file for `ncdu -f FILE`, do not run ncdu; -: to standard output' -r -F
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand ncdu" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand find" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand find" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand find" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand find" -s h -l help -d 'Print help'
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
complete -c dsb -n "__fish_dsb_using_subcommand simulate" -l placement -d 'With --json: list for each object the disks that hold it in the end'
complete -c dsb -n "__fish_dsb_using_subcommand simulate" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand simulate" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand simulate" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand simulate" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -f -a "info" -d 'All that is known of a path: the same as `dsb info FILE`'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -f -a "hash" -d 'Print the SHA-256 of a real file, as its object would be called'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and not __fish_seen_subcommand_from info hash help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from info" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from info" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from info" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from info" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from hash" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from hash" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from hash" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from hash" -s h -l help -d 'Print help'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from help" -f -a "info" -d 'All that is known of a path: the same as `dsb info FILE`'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from help" -f -a "hash" -d 'Print the SHA-256 of a real file, as its object would be called'
complete -c dsb -n "__fish_dsb_using_subcommand debug; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -s v -l verbose -d 'Tell more; twice tells still more'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -s q -l quiet -d 'Tell only what went wrong'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -l json -d 'Print one JSON object on standard output'
complete -c dsb -n "__fish_dsb_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "protect" -d 'Back up one folder to one disk: map, add the disk, update, back up'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "source" -d 'The real folders that make up the backup set; alone: list them'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "update" -d 'Look what changed in the mapped folders, and read what is new'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "disk" -d 'The disks of the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "backup" -d 'Bring one attached disk up to date'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "restore" -d 'Bring files back, from one disk alone or from the shelf'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "verify" -d 'Read and prove every copy on a disk'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "info" -d 'What is protected, how well, and what to do next'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "next" -d 'Which disk to attach next and why, and how many attachments are left'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "forecast" -d 'How far the shelf is from each number of copies, and when it is full'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "ls" -d 'List the files of the backup set'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "tree" -d 'Sums by folder and number of copies, as a tree'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "du" -d 'The same for the paths you name, a line each'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "ncdu" -d 'The same to look around in with the program ncdu'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "find" -d 'Find names in everything that is catalogued, older states too'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "where" -d 'Which disks have a file, when each was last seen and proven'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "retention" -d 'Which older states are kept'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "suspect" -d 'Files whose content changed though their size and time did not'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "simulate" -d 'Play a shelf through that is written down in a file, with the planner of `backup`'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "debug" -d 'What helps to find out why'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c dsb -n "__fish_dsb_using_subcommand help; and not __fish_seen_subcommand_from protect source update disk backup restore verify info next forecast ls tree du ncdu find where retention suspect simulate debug completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "map" -d 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "unmap" -d 'Take a map away; the next update takes its files out of the set'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "list" -d 'List the maps, and what is set for paths'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "lock" -d 'Keep paths as they were last seen, unscanned; without any: list what is locked'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "unlock" -d 'Scan paths again'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "set" -d 'Set how paths are protected and what is left out; without options: show what holds'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from source" -f -a "reset" -d 'Take away all that is set for paths'
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
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from debug" -f -a "info" -d 'All that is known of a path: the same as `dsb info FILE`'
complete -c dsb -n "__fish_dsb_using_subcommand help; and __fish_seen_subcommand_from debug" -f -a "hash" -d 'Print the SHA-256 of a real file, as its object would be called'
