
use builtin;
use str;

set edit:completion:arg-completer[dsb] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'dsb'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'dsb'= {
            cand -d 'The catalog''s folder [default: `$DISTBACKUP_PATH`, else ~/.config/distbackup]'
            cand --db 'The catalog''s folder [default: `$DISTBACKUP_PATH`, else ~/.config/distbackup]'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand protect 'Back up one folder to one disk: map, add the disk, update, back up'
            cand source 'The real folders that make up the backup set'
            cand update 'Look what changed in the mapped folders, and read what is new'
            cand disk 'The disks of the shelf'
            cand backup 'Bring one attached disk up to date'
            cand restore 'Bring files back, from one disk alone or from the shelf'
            cand verify 'Read and prove every copy on a disk'
            cand info 'What is protected, how well, and what to do next'
            cand next 'Which disk to attach next and why, and how many attachments are left'
            cand forecast 'How far the shelf is from each number of copies, and when it is full'
            cand ls 'List the files of the backup set'
            cand where 'Which disks have a file, when each was last seen and proven'
            cand retention 'Which older states are kept'
            cand suspect 'Files whose content changed though their size and time did not'
            cand simulate 'Play a shelf through that is written down in a file, with the planner of `backup`'
            cand catalog 'The catalog as a whole: take over one of distbackup, go back to it'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;protect'= {
            cand --on 'A folder on the backup disk; becomes a disk of the shelf if it is none yet'
            cand --name 'What to call a new disk [default: from its mount point]'
            cand -s 'Bytes dsb may use on a new disk (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]'
            cand --size 'Bytes dsb may use on a new disk (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]'
            cand --same-device 'Take the folder though no disk is mounted there'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
            cand map 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
            cand unmap 'Take a map away; the next update takes its files out of the set'
            cand list 'List the maps, and what is set for paths'
            cand lock 'Keep paths as they were last seen, unscanned; without any: list what is locked'
            cand unlock 'Scan paths again'
            cand set 'Set how paths are protected and what is left out; without options: show what holds'
            cand reset 'Take away all that is set for paths'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;source;map'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;unmap'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;list'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;lock'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;unlock'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;set'= {
            cand -c 'Copies wanted, on disks that fail apart; more only fill free room; 0: as above it'
            cand --copies 'Copies wanted, on disks that fail apart; more only fill free room; 0: as above it'
            cand -p 'Served before what has a lower one, among what has as few copies; 0: as above it'
            cand --priority 'Served before what has a lower one, among what has as few copies; 0: as above it'
            cand -m 'Never more copies than so many; 0: as above it'
            cand --maxcopies 'Never more copies than so many; 0: as above it'
            cand -i 'Leave out names that match, here and below; repeatable, the first that matches counts; with ! before it: keep them; a name, a shell pattern, or /REGEX; '''' alone: no rules'
            cand --ignore 'Leave out names that match, here and below; repeatable, the first that matches counts; with ! before it: keep them; a name, a shell pattern, or /REGEX; '''' alone: no rules'
            cand --exclude 'Leave out what matches, in the syntax of .gitignore over the path below VPATH'
            cand --include 'Take in again what an earlier --exclude leaves out; the last that matches counts'
            cand -l 'Keep it as it was last seen, do not scan it'
            cand --lock 'Keep it as it was last seen, do not scan it'
            cand -u 'Scan it again'
            cand --unlock 'Scan it again'
            cand -a 'With --ignore: behind the rules that are set, not in their place'
            cand --append 'With --ignore: behind the rules that are set, not in their place'
            cand --no-inherit 'Rules and filters of folders above do not hold here'
            cand --inherit 'They do (as at first)'
            cand --no-filters 'Take all of --exclude and --include away, before those given here'
            cand --hide 'Leave it out, with all below it'
            cand --unhide 'Do not leave it out'
            cand --follow 'Take symlinks in this very folder for what they point to'
            cand --nofollow 'Keep symlinks as symlinks (as at first)'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;reset'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;source;help'= {
            cand map 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
            cand unmap 'Take a map away; the next update takes its files out of the set'
            cand list 'List the maps, and what is set for paths'
            cand lock 'Keep paths as they were last seen, unscanned; without any: list what is locked'
            cand unlock 'Scan paths again'
            cand set 'Set how paths are protected and what is left out; without options: show what holds'
            cand reset 'Take away all that is set for paths'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;source;help;map'= {
        }
        &'dsb;source;help;unmap'= {
        }
        &'dsb;source;help;list'= {
        }
        &'dsb;source;help;lock'= {
        }
        &'dsb;source;help;unlock'= {
        }
        &'dsb;source;help;set'= {
        }
        &'dsb;source;help;reset'= {
        }
        &'dsb;source;help;help'= {
        }
        &'dsb;update'= {
            cand --oldest 'With --rehash: only the part last read longest ago'
            cand --accept-loss 'What is gone from this map is really gone'
            cand --accept-source 'What is mapped here is on another drive now'
            cand -j 'Files read at once [default: one for each core]'
            cand --jobs 'Files read at once [default: one for each core]'
            cand --ignore-ctime 'A file with another change time alone is the same file (after a chmod over everything)'
            cand --ignore-lock 'Scan what is locked, this once'
            cand --rehash 'Read known files again, to look for rot'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
            cand add 'Add a disk, once for each labelled drive'
            cand list 'List the disks; -v adds uuid, file system, model, serial number and last writing'
            cand set 'Set what can be set of a disk'
            cand rename 'Give a disk another name'
            cand drop 'Forget what a disk holds: it is lost, or empty'
            cand del 'Take a disk that holds nothing off the shelf'
            cand refresh 'Count afresh what is on a disk, or take in one that distbackup wrote'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;disk;add'= {
            cand -s 'Bytes dsb may use (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]'
            cand --size 'Bytes dsb may use (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]'
            cand -g 'Where it stands: disks of one group may be lost together, and do not protect each other'
            cand --group 'Where it stands: disks of one group may be lost together, and do not protect each other'
            cand --same-device 'Take the folder though no disk is mounted there'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;list'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;set'= {
            cand -s 'Bytes dsb may use on it'
            cand --size 'Bytes dsb may use on it'
            cand -p 'Where its folder is now'
            cand --path 'Where its folder is now'
            cand -g 'Where it stands: disks of one group may be lost together, and do not protect each other'
            cand --group 'Where it stands: disks of one group may be lost together, and do not protect each other'
            cand --same-device 'Its folder may share a file system with others'
            cand --no-group 'It stands by itself'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;rename'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;drop'= {
            cand --lost 'It is really lost, with the only copies on it'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;del'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;refresh'= {
            cand -p 'Where its folder is now'
            cand --path 'Where its folder is now'
            cand --verify 'Read every object too, and prove it'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;disk;help'= {
            cand add 'Add a disk, once for each labelled drive'
            cand list 'List the disks; -v adds uuid, file system, model, serial number and last writing'
            cand set 'Set what can be set of a disk'
            cand rename 'Give a disk another name'
            cand drop 'Forget what a disk holds: it is lost, or empty'
            cand del 'Take a disk that holds nothing off the shelf'
            cand refresh 'Count afresh what is on a disk, or take in one that distbackup wrote'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;disk;help;add'= {
        }
        &'dsb;disk;help;list'= {
        }
        &'dsb;disk;help;set'= {
        }
        &'dsb;disk;help;rename'= {
        }
        &'dsb;disk;help;drop'= {
        }
        &'dsb;disk;help;del'= {
        }
        &'dsb;disk;help;refresh'= {
        }
        &'dsb;disk;help;help'= {
        }
        &'dsb;backup'= {
            cand --limit 'Copy so much at most'
            cand --maxcopies 'Copy nothing that has so many copies'
            cand -j 'Files copied at once [default: one for each core]'
            cand --jobs 'Files copied at once [default: one for each core]'
            cand --simulate 'Show what would be done and why; do nothing'
            cand --no-evict 'Take no copy away to make room for another'
            cand -u 'Update first'
            cand --update 'Update first'
            cand --delete-many 'Remove what nobody needs, however much it is'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;restore'= {
            cand --from 'From the disk at this folder alone, through its own catalog copy'
            cand -f 'Only what matches (a shell pattern over the virtual path); repeatable'
            cand --filter 'Only what matches (a shell pattern over the virtual path); repeatable'
            cand --overwrite 'Replace files that are there and differ'
            cand --checksum 'Read files that are there, do not go by size and time'
            cand --numeric-ids 'Owners and groups by number, not by name'
            cand --trusted 'With --from: restore set-user-id bits and device nodes too'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;verify'= {
            cand -s 'Begin with objects whose names begin so'
            cand --start 'Begin with objects whose names begin so'
            cand -e 'Write a line for each damaged copy: disk, object, size, path, what (tabs between)'
            cand --errors 'Write a line for each damaged copy: disk, object, size, path, what (tabs between)'
            cand -j 'Objects read at once [default: one for each core]'
            cand --jobs 'Objects read at once [default: one for each core]'
            cand -c 'Report only'
            cand --check 'Report only'
            cand --delete 'Delete damaged objects instead of moving them to bad-objects/'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;info'= {
            cand --check 'Exit with 3 while something has fewer copies than are wanted'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;next'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;forecast'= {
            cand --add 'Suppose a new disk of this size (8T); repeatable'
            cand --lose 'Suppose these disks are lost'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;ls'= {
            cand --disk 'Only what this disk holds'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;where'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;retention'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'Show the policy and what it makes of the snapshots'
            cand set 'Replace the policy'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;retention;show'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;retention;set'= {
            cand --keep-last 'So many of the newest states, guaranteed'
            cand --keep-within 'All states of so many days before the newest (90d)'
            cand --history 'How firmly --keep-within holds'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'dsb;retention;help'= {
            cand show 'Show the policy and what it makes of the snapshots'
            cand set 'Replace the policy'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;retention;help;show'= {
        }
        &'dsb;retention;help;set'= {
        }
        &'dsb;retention;help;help'= {
        }
        &'dsb;suspect'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List them'
            cand accept 'The new content is right'
            cand reject 'The new content is wrong: keep the old one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;suspect;list'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;suspect;accept'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;suspect;reject'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;suspect;help'= {
            cand list 'List them'
            cand accept 'The new content is right'
            cand reject 'The new content is wrong: keep the old one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;suspect;help;list'= {
        }
        &'dsb;suspect;help;accept'= {
        }
        &'dsb;suspect;help;reject'= {
        }
        &'dsb;suspect;help;help'= {
        }
        &'dsb;simulate'= {
            cand --placement 'With --json: list for each object the disks that hold it in the end'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;catalog'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
            cand adopt 'Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies'
            cand export 'Write the newest state as a catalog of distbackup 1.0.20, for going back to it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;catalog;adopt'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'dsb;catalog;export'= {
            cand --format 'Whose catalog it is to be'
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'dsb;catalog;help'= {
            cand adopt 'Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies'
            cand export 'Write the newest state as a catalog of distbackup 1.0.20, for going back to it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;catalog;help;adopt'= {
        }
        &'dsb;catalog;help;export'= {
        }
        &'dsb;catalog;help;help'= {
        }
        &'dsb;completions'= {
            cand -v 'Tell more; twice tells still more'
            cand --verbose 'Tell more; twice tells still more'
            cand -q 'Tell only what went wrong'
            cand --quiet 'Tell only what went wrong'
            cand --json 'Print one JSON object on standard output'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'dsb;help'= {
            cand protect 'Back up one folder to one disk: map, add the disk, update, back up'
            cand source 'The real folders that make up the backup set'
            cand update 'Look what changed in the mapped folders, and read what is new'
            cand disk 'The disks of the shelf'
            cand backup 'Bring one attached disk up to date'
            cand restore 'Bring files back, from one disk alone or from the shelf'
            cand verify 'Read and prove every copy on a disk'
            cand info 'What is protected, how well, and what to do next'
            cand next 'Which disk to attach next and why, and how many attachments are left'
            cand forecast 'How far the shelf is from each number of copies, and when it is full'
            cand ls 'List the files of the backup set'
            cand where 'Which disks have a file, when each was last seen and proven'
            cand retention 'Which older states are kept'
            cand suspect 'Files whose content changed though their size and time did not'
            cand simulate 'Play a shelf through that is written down in a file, with the planner of `backup`'
            cand catalog 'The catalog as a whole: take over one of distbackup, go back to it'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'dsb;help;protect'= {
        }
        &'dsb;help;source'= {
            cand map 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts'
            cand unmap 'Take a map away; the next update takes its files out of the set'
            cand list 'List the maps, and what is set for paths'
            cand lock 'Keep paths as they were last seen, unscanned; without any: list what is locked'
            cand unlock 'Scan paths again'
            cand set 'Set how paths are protected and what is left out; without options: show what holds'
            cand reset 'Take away all that is set for paths'
        }
        &'dsb;help;source;map'= {
        }
        &'dsb;help;source;unmap'= {
        }
        &'dsb;help;source;list'= {
        }
        &'dsb;help;source;lock'= {
        }
        &'dsb;help;source;unlock'= {
        }
        &'dsb;help;source;set'= {
        }
        &'dsb;help;source;reset'= {
        }
        &'dsb;help;update'= {
        }
        &'dsb;help;disk'= {
            cand add 'Add a disk, once for each labelled drive'
            cand list 'List the disks; -v adds uuid, file system, model, serial number and last writing'
            cand set 'Set what can be set of a disk'
            cand rename 'Give a disk another name'
            cand drop 'Forget what a disk holds: it is lost, or empty'
            cand del 'Take a disk that holds nothing off the shelf'
            cand refresh 'Count afresh what is on a disk, or take in one that distbackup wrote'
        }
        &'dsb;help;disk;add'= {
        }
        &'dsb;help;disk;list'= {
        }
        &'dsb;help;disk;set'= {
        }
        &'dsb;help;disk;rename'= {
        }
        &'dsb;help;disk;drop'= {
        }
        &'dsb;help;disk;del'= {
        }
        &'dsb;help;disk;refresh'= {
        }
        &'dsb;help;backup'= {
        }
        &'dsb;help;restore'= {
        }
        &'dsb;help;verify'= {
        }
        &'dsb;help;info'= {
        }
        &'dsb;help;next'= {
        }
        &'dsb;help;forecast'= {
        }
        &'dsb;help;ls'= {
        }
        &'dsb;help;where'= {
        }
        &'dsb;help;retention'= {
            cand show 'Show the policy and what it makes of the snapshots'
            cand set 'Replace the policy'
        }
        &'dsb;help;retention;show'= {
        }
        &'dsb;help;retention;set'= {
        }
        &'dsb;help;suspect'= {
            cand list 'List them'
            cand accept 'The new content is right'
            cand reject 'The new content is wrong: keep the old one'
        }
        &'dsb;help;suspect;list'= {
        }
        &'dsb;help;suspect;accept'= {
        }
        &'dsb;help;suspect;reject'= {
        }
        &'dsb;help;simulate'= {
        }
        &'dsb;help;catalog'= {
            cand adopt 'Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies'
            cand export 'Write the newest state as a catalog of distbackup 1.0.20, for going back to it'
        }
        &'dsb;help;catalog;adopt'= {
        }
        &'dsb;help;catalog;export'= {
        }
        &'dsb;help;completions'= {
        }
        &'dsb;help;help'= {
        }
    ]
    $completions[$command]
}
