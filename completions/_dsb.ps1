
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'dsb' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'dsb'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'dsb' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The catalog''s folder [default: `$DISTBACKUP_PATH`, else ~/.config/distbackup]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The catalog''s folder [default: `$DISTBACKUP_PATH`, else ~/.config/distbackup]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('protect', 'protect', [CompletionResultType]::ParameterValue, 'Back up one folder to one disk: map, add the disk, update, back up')
            [CompletionResult]::new('source', 'source', [CompletionResultType]::ParameterValue, 'The real folders that make up the backup set')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Look what changed in the mapped folders, and read what is new')
            [CompletionResult]::new('disk', 'disk', [CompletionResultType]::ParameterValue, 'The disks of the shelf')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Bring one attached disk up to date')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Bring files back, from one disk alone or from the shelf')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Read and prove every copy on a disk')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'What is protected, how well, and what to do next')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Which disk to attach next and why, and how many attachments are left')
            [CompletionResult]::new('forecast', 'forecast', [CompletionResultType]::ParameterValue, 'How far the shelf is from each number of copies, and when it is full')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the files of the backup set')
            [CompletionResult]::new('where', 'where', [CompletionResultType]::ParameterValue, 'Which disks have a file, when each was last seen and proven')
            [CompletionResult]::new('retention', 'retention', [CompletionResultType]::ParameterValue, 'Which older states are kept')
            [CompletionResult]::new('suspect', 'suspect', [CompletionResultType]::ParameterValue, 'Files whose content changed though their size and time did not')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play a shelf through that is written down in a file, with the planner of `backup`')
            [CompletionResult]::new('catalog', 'catalog', [CompletionResultType]::ParameterValue, 'The catalog as a whole: take over one of distbackup, go back to it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;protect' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'A folder on the backup disk; becomes a disk of the shelf if it is none yet')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What to call a new disk [default: from its mount point]')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Bytes dsb may use on a new disk (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Bytes dsb may use on a new disk (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]')
            [CompletionResult]::new('--same-device', '--same-device', [CompletionResultType]::ParameterName, 'Take the folder though no disk is mounted there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('map', 'map', [CompletionResultType]::ParameterValue, 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts')
            [CompletionResult]::new('unmap', 'unmap', [CompletionResultType]::ParameterValue, 'Take a map away; the next update takes its files out of the set')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the maps, and what is set for paths')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Keep paths as they were last seen, unscanned; without any: list what is locked')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Scan paths again')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set how paths are protected and what is left out; without options: show what holds')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Take away all that is set for paths')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;source;map' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;unmap' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;list' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;lock' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;unlock' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;set' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Copies wanted, on disks that fail apart; more only fill free room; 0: as above it')
            [CompletionResult]::new('--copies', '--copies', [CompletionResultType]::ParameterName, 'Copies wanted, on disks that fail apart; more only fill free room; 0: as above it')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Served before what has a lower one, among what has as few copies; 0: as above it')
            [CompletionResult]::new('--priority', '--priority', [CompletionResultType]::ParameterName, 'Served before what has a lower one, among what has as few copies; 0: as above it')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Never more copies than so many; 0: as above it')
            [CompletionResult]::new('--maxcopies', '--maxcopies', [CompletionResultType]::ParameterName, 'Never more copies than so many; 0: as above it')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Leave out names that match, here and below; repeatable, the first that matches counts; with ! before it: keep them; a name, a shell pattern, or /REGEX; '''' alone: no rules')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Leave out names that match, here and below; repeatable, the first that matches counts; with ! before it: keep them; a name, a shell pattern, or /REGEX; '''' alone: no rules')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out what matches, in the syntax of .gitignore over the path below VPATH')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Take in again what an earlier --exclude leaves out; the last that matches counts')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Keep it as it was last seen, do not scan it')
            [CompletionResult]::new('--lock', '--lock', [CompletionResultType]::ParameterName, 'Keep it as it was last seen, do not scan it')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Scan it again')
            [CompletionResult]::new('--unlock', '--unlock', [CompletionResultType]::ParameterName, 'Scan it again')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'With --ignore: behind the rules that are set, not in their place')
            [CompletionResult]::new('--append', '--append', [CompletionResultType]::ParameterName, 'With --ignore: behind the rules that are set, not in their place')
            [CompletionResult]::new('--no-inherit', '--no-inherit', [CompletionResultType]::ParameterName, 'Rules and filters of folders above do not hold here')
            [CompletionResult]::new('--inherit', '--inherit', [CompletionResultType]::ParameterName, 'They do (as at first)')
            [CompletionResult]::new('--no-filters', '--no-filters', [CompletionResultType]::ParameterName, 'Take all of --exclude and --include away, before those given here')
            [CompletionResult]::new('--hide', '--hide', [CompletionResultType]::ParameterName, 'Leave it out, with all below it')
            [CompletionResult]::new('--unhide', '--unhide', [CompletionResultType]::ParameterName, 'Do not leave it out')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Take symlinks in this very folder for what they point to')
            [CompletionResult]::new('--nofollow', '--nofollow', [CompletionResultType]::ParameterName, 'Keep symlinks as symlinks (as at first)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;reset' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;source;help' {
            [CompletionResult]::new('map', 'map', [CompletionResultType]::ParameterValue, 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts')
            [CompletionResult]::new('unmap', 'unmap', [CompletionResultType]::ParameterValue, 'Take a map away; the next update takes its files out of the set')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the maps, and what is set for paths')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Keep paths as they were last seen, unscanned; without any: list what is locked')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Scan paths again')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set how paths are protected and what is left out; without options: show what holds')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Take away all that is set for paths')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;source;help;map' {
            break
        }
        'dsb;source;help;unmap' {
            break
        }
        'dsb;source;help;list' {
            break
        }
        'dsb;source;help;lock' {
            break
        }
        'dsb;source;help;unlock' {
            break
        }
        'dsb;source;help;set' {
            break
        }
        'dsb;source;help;reset' {
            break
        }
        'dsb;source;help;help' {
            break
        }
        'dsb;update' {
            [CompletionResult]::new('--oldest', '--oldest', [CompletionResultType]::ParameterName, 'With --rehash: only the part last read longest ago')
            [CompletionResult]::new('--accept-loss', '--accept-loss', [CompletionResultType]::ParameterName, 'What is gone from this map is really gone')
            [CompletionResult]::new('--accept-source', '--accept-source', [CompletionResultType]::ParameterName, 'What is mapped here is on another drive now')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Files read at once [default: one for each core]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Files read at once [default: one for each core]')
            [CompletionResult]::new('--ignore-ctime', '--ignore-ctime', [CompletionResultType]::ParameterName, 'A file with another change time alone is the same file (after a chmod over everything)')
            [CompletionResult]::new('--ignore-lock', '--ignore-lock', [CompletionResultType]::ParameterName, 'Scan what is locked, this once')
            [CompletionResult]::new('--rehash', '--rehash', [CompletionResultType]::ParameterName, 'Read known files again, to look for rot')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a disk, once for each labelled drive')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the disks; -v adds uuid, file system, model, serial number and last writing')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set what can be set of a disk')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a disk another name')
            [CompletionResult]::new('drop', 'drop', [CompletionResultType]::ParameterValue, 'Forget what a disk holds: it is lost, or empty')
            [CompletionResult]::new('del', 'del', [CompletionResultType]::ParameterValue, 'Take a disk that holds nothing off the shelf')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Count afresh what is on a disk, or take in one that distbackup wrote')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;disk;add' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Bytes dsb may use (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Bytes dsb may use (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]')
            [CompletionResult]::new('-g', '-g', [CompletionResultType]::ParameterName, 'Where it stands: disks of one group may be lost together, and do not protect each other')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Where it stands: disks of one group may be lost together, and do not protect each other')
            [CompletionResult]::new('--same-device', '--same-device', [CompletionResultType]::ParameterName, 'Take the folder though no disk is mounted there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;list' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;set' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Bytes dsb may use on it')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Bytes dsb may use on it')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Where its folder is now')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Where its folder is now')
            [CompletionResult]::new('-g', '-g', [CompletionResultType]::ParameterName, 'Where it stands: disks of one group may be lost together, and do not protect each other')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Where it stands: disks of one group may be lost together, and do not protect each other')
            [CompletionResult]::new('--same-device', '--same-device', [CompletionResultType]::ParameterName, 'Its folder may share a file system with others')
            [CompletionResult]::new('--no-group', '--no-group', [CompletionResultType]::ParameterName, 'It stands by itself')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;rename' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;drop' {
            [CompletionResult]::new('--lost', '--lost', [CompletionResultType]::ParameterName, 'It is really lost, with the only copies on it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;del' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;refresh' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Where its folder is now')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Where its folder is now')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Read every object too, and prove it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;disk;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a disk, once for each labelled drive')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the disks; -v adds uuid, file system, model, serial number and last writing')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set what can be set of a disk')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a disk another name')
            [CompletionResult]::new('drop', 'drop', [CompletionResultType]::ParameterValue, 'Forget what a disk holds: it is lost, or empty')
            [CompletionResult]::new('del', 'del', [CompletionResultType]::ParameterValue, 'Take a disk that holds nothing off the shelf')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Count afresh what is on a disk, or take in one that distbackup wrote')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;disk;help;add' {
            break
        }
        'dsb;disk;help;list' {
            break
        }
        'dsb;disk;help;set' {
            break
        }
        'dsb;disk;help;rename' {
            break
        }
        'dsb;disk;help;drop' {
            break
        }
        'dsb;disk;help;del' {
            break
        }
        'dsb;disk;help;refresh' {
            break
        }
        'dsb;disk;help;help' {
            break
        }
        'dsb;backup' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Copy so much at most')
            [CompletionResult]::new('--maxcopies', '--maxcopies', [CompletionResultType]::ParameterName, 'Copy nothing that has so many copies')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Files copied at once [default: one for each core]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Files copied at once [default: one for each core]')
            [CompletionResult]::new('--simulate', '--simulate', [CompletionResultType]::ParameterName, 'Show what would be done and why; do nothing')
            [CompletionResult]::new('--no-evict', '--no-evict', [CompletionResultType]::ParameterName, 'Take no copy away to make room for another')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Update first')
            [CompletionResult]::new('--update', '--update', [CompletionResultType]::ParameterName, 'Update first')
            [CompletionResult]::new('--delete-many', '--delete-many', [CompletionResultType]::ParameterName, 'Remove what nobody needs, however much it is')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;restore' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From the disk at this folder alone, through its own catalog copy')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Only what matches (a shell pattern over the virtual path); repeatable')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only what matches (a shell pattern over the virtual path); repeatable')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace files that are there and differ')
            [CompletionResult]::new('--checksum', '--checksum', [CompletionResultType]::ParameterName, 'Read files that are there, do not go by size and time')
            [CompletionResult]::new('--numeric-ids', '--numeric-ids', [CompletionResultType]::ParameterName, 'Owners and groups by number, not by name')
            [CompletionResult]::new('--trusted', '--trusted', [CompletionResultType]::ParameterName, 'With --from: restore set-user-id bits and device nodes too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;verify' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Begin with objects whose names begin so')
            [CompletionResult]::new('--start', '--start', [CompletionResultType]::ParameterName, 'Begin with objects whose names begin so')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Write a line for each damaged copy: disk, object, size, path, what (tabs between)')
            [CompletionResult]::new('--errors', '--errors', [CompletionResultType]::ParameterName, 'Write a line for each damaged copy: disk, object, size, path, what (tabs between)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Objects read at once [default: one for each core]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Objects read at once [default: one for each core]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Report only')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Report only')
            [CompletionResult]::new('--delete', '--delete', [CompletionResultType]::ParameterName, 'Delete damaged objects instead of moving them to bad-objects/')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;info' {
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with 3 while something has fewer copies than are wanted')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;next' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;forecast' {
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Suppose a new disk of this size (8T); repeatable')
            [CompletionResult]::new('--lose', '--lose', [CompletionResultType]::ParameterName, 'Suppose these disks are lost')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;ls' {
            [CompletionResult]::new('--disk', '--disk', [CompletionResultType]::ParameterName, 'Only what this disk holds')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;where' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;retention' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy and what it makes of the snapshots')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Replace the policy')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;retention;show' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;retention;set' {
            [CompletionResult]::new('--keep-last', '--keep-last', [CompletionResultType]::ParameterName, 'So many of the newest states, guaranteed')
            [CompletionResult]::new('--keep-within', '--keep-within', [CompletionResultType]::ParameterName, 'All states of so many days before the newest (90d)')
            [CompletionResult]::new('--history', '--history', [CompletionResultType]::ParameterName, 'How firmly --keep-within holds')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'dsb;retention;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy and what it makes of the snapshots')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Replace the policy')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;retention;help;show' {
            break
        }
        'dsb;retention;help;set' {
            break
        }
        'dsb;retention;help;help' {
            break
        }
        'dsb;suspect' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'The new content is right')
            [CompletionResult]::new('reject', 'reject', [CompletionResultType]::ParameterValue, 'The new content is wrong: keep the old one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;suspect;list' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;suspect;accept' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;suspect;reject' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;suspect;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'The new content is right')
            [CompletionResult]::new('reject', 'reject', [CompletionResultType]::ParameterValue, 'The new content is wrong: keep the old one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;suspect;help;list' {
            break
        }
        'dsb;suspect;help;accept' {
            break
        }
        'dsb;suspect;help;reject' {
            break
        }
        'dsb;suspect;help;help' {
            break
        }
        'dsb;simulate' {
            [CompletionResult]::new('--placement', '--placement', [CompletionResultType]::ParameterName, 'With --json: list for each object the disks that hold it in the end')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;catalog' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the newest state as a catalog of distbackup 1.0.20, for going back to it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;catalog;adopt' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'dsb;catalog;export' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Whose catalog it is to be')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'dsb;catalog;help' {
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the newest state as a catalog of distbackup 1.0.20, for going back to it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;catalog;help;adopt' {
            break
        }
        'dsb;catalog;help;export' {
            break
        }
        'dsb;catalog;help;help' {
            break
        }
        'dsb;completions' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more; twice tells still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Tell only what went wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'dsb;help' {
            [CompletionResult]::new('protect', 'protect', [CompletionResultType]::ParameterValue, 'Back up one folder to one disk: map, add the disk, update, back up')
            [CompletionResult]::new('source', 'source', [CompletionResultType]::ParameterValue, 'The real folders that make up the backup set')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Look what changed in the mapped folders, and read what is new')
            [CompletionResult]::new('disk', 'disk', [CompletionResultType]::ParameterValue, 'The disks of the shelf')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Bring one attached disk up to date')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Bring files back, from one disk alone or from the shelf')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Read and prove every copy on a disk')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'What is protected, how well, and what to do next')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Which disk to attach next and why, and how many attachments are left')
            [CompletionResult]::new('forecast', 'forecast', [CompletionResultType]::ParameterValue, 'How far the shelf is from each number of copies, and when it is full')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the files of the backup set')
            [CompletionResult]::new('where', 'where', [CompletionResultType]::ParameterValue, 'Which disks have a file, when each was last seen and proven')
            [CompletionResult]::new('retention', 'retention', [CompletionResultType]::ParameterValue, 'Which older states are kept')
            [CompletionResult]::new('suspect', 'suspect', [CompletionResultType]::ParameterValue, 'Files whose content changed though their size and time did not')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play a shelf through that is written down in a file, with the planner of `backup`')
            [CompletionResult]::new('catalog', 'catalog', [CompletionResultType]::ParameterValue, 'The catalog as a whole: take over one of distbackup, go back to it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'dsb;help;protect' {
            break
        }
        'dsb;help;source' {
            [CompletionResult]::new('map', 'map', [CompletionResultType]::ParameterValue, 'Show a real folder at a place of the virtual tree; maps nest, the inner one counts')
            [CompletionResult]::new('unmap', 'unmap', [CompletionResultType]::ParameterValue, 'Take a map away; the next update takes its files out of the set')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the maps, and what is set for paths')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Keep paths as they were last seen, unscanned; without any: list what is locked')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Scan paths again')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set how paths are protected and what is left out; without options: show what holds')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Take away all that is set for paths')
            break
        }
        'dsb;help;source;map' {
            break
        }
        'dsb;help;source;unmap' {
            break
        }
        'dsb;help;source;list' {
            break
        }
        'dsb;help;source;lock' {
            break
        }
        'dsb;help;source;unlock' {
            break
        }
        'dsb;help;source;set' {
            break
        }
        'dsb;help;source;reset' {
            break
        }
        'dsb;help;update' {
            break
        }
        'dsb;help;disk' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a disk, once for each labelled drive')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the disks; -v adds uuid, file system, model, serial number and last writing')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set what can be set of a disk')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a disk another name')
            [CompletionResult]::new('drop', 'drop', [CompletionResultType]::ParameterValue, 'Forget what a disk holds: it is lost, or empty')
            [CompletionResult]::new('del', 'del', [CompletionResultType]::ParameterValue, 'Take a disk that holds nothing off the shelf')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Count afresh what is on a disk, or take in one that distbackup wrote')
            break
        }
        'dsb;help;disk;add' {
            break
        }
        'dsb;help;disk;list' {
            break
        }
        'dsb;help;disk;set' {
            break
        }
        'dsb;help;disk;rename' {
            break
        }
        'dsb;help;disk;drop' {
            break
        }
        'dsb;help;disk;del' {
            break
        }
        'dsb;help;disk;refresh' {
            break
        }
        'dsb;help;backup' {
            break
        }
        'dsb;help;restore' {
            break
        }
        'dsb;help;verify' {
            break
        }
        'dsb;help;info' {
            break
        }
        'dsb;help;next' {
            break
        }
        'dsb;help;forecast' {
            break
        }
        'dsb;help;ls' {
            break
        }
        'dsb;help;where' {
            break
        }
        'dsb;help;retention' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy and what it makes of the snapshots')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Replace the policy')
            break
        }
        'dsb;help;retention;show' {
            break
        }
        'dsb;help;retention;set' {
            break
        }
        'dsb;help;suspect' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'The new content is right')
            [CompletionResult]::new('reject', 'reject', [CompletionResultType]::ParameterValue, 'The new content is wrong: keep the old one')
            break
        }
        'dsb;help;suspect;list' {
            break
        }
        'dsb;help;suspect;accept' {
            break
        }
        'dsb;help;suspect;reject' {
            break
        }
        'dsb;help;simulate' {
            break
        }
        'dsb;help;catalog' {
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the newest state as a catalog of distbackup 1.0.20, for going back to it')
            break
        }
        'dsb;help;catalog;adopt' {
            break
        }
        'dsb;help;catalog;export' {
            break
        }
        'dsb;help;completions' {
            break
        }
        'dsb;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
