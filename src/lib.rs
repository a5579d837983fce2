//! dsb keeps one catalog of a virtual source tree and of which disk holds which of its content, and
//! spreads that content over a shelf of unequal disks of which one is attached at a time. Every
//! disk restores, without any other file, all that it holds. This page is the design; the first
//! lines of each room say how it keeps its part of it.
//!
//! # The flow
//!
//! ```text
//! real folders --source--> update --catalog--> plan --disk--> backup --> the disk, its catalog copy
//!                                    |                                          |
//!                                    +--> info, tree, find, next, forecast      +--> restore --destination-->
//! ```
//!
//! 1. `source map` assembles the virtual tree from real folders; maps nest, the inner one masks the outer.
//! 2. `update` compares each folder with the newest state in the catalog, hashes what is new or
//!    changed, and records a snapshot if anything changed. Only differences are written.
//! 3. `backup` loads every object with the set of disks that hold it, plans the visit (a pure
//!    function), carries the plan out batch by batch, and leaves the catalog itself on the disk.
//! 4. `restore` walks a state of the tree, in the home catalog or in a disk's own copy, and writes
//!    what the disks at hand have; each byte is hashed on its way, and what is missing is counted
//!    with the disks that should have it.
//! 5. `verify` reads every object that the catalog places on a disk, or a part of them that makes up the
//!    whole in time, and takes back what is not true; `repair` brings good copies from wherever they are.
//! 6. `catalog recover` makes a lost home catalog anew from what disks know.
//!
//! # The words
//!
//! One word for one thing, in columns, types, flags and messages.
//!
//! | word | what it is |
//! |---|---|
//! | object | bytes, named by their SHA-256 |
//! | copy | one object on one disk; *copies*: how many disks hold it |
//! | wanted | copies that content should have, on disks that fail apart; those beyond come last |
//! | group | disks that may be lost together: on one drive, or because a person says so; their copies count once |
//! | entry | a file, directory, symlink or special of the virtual tree |
//! | source map | a virtual path and the real directory that stands there |
//! | snapshot | a dated state of the whole virtual tree, recorded by `update` |
//! | live | needed by the newest snapshot, or by a suspect |
//! | guaranteed | needed only by older snapshots, one of which retention guarantees |
//! | kept | needed only by older snapshots that are held in free room |
//! | orphan | needed by neither |
//! | budget | bytes dsb may use on a disk; *reserve*: its part for catalog copies and folders; *room*: the rest |
//! | footprint | bytes an object costs on a disk |
//! | trade | one step of a plan that evicts objects with copies elsewhere so that one with fewer fits |
//! | saturated | has as many copies as it may |
//! | marker | the file that says which disk a disk is |
//! | catalog copy | the catalog as written onto a disk |
//! | browsable tree | a snapshot as folders of a disk: names that are hard links to the objects there |
//! | session | one run that changes a disk; it has a number and a nonce, here and in the marker |
//! | generation | the catalog's counter of sessions |
//! | lock | a source path kept as last seen, not scanned |
//! | rule | says of names, below a path, whether they are left out: distbackup's syntax |
//! | filter | the same of paths: a line as `.gitignore` has it |
//! | suspect | content that changed though size and mtime did not |
//! | adopted | taken over from distbackup, and not confirmed by an update or a session yet |
//! | drop | forget a disk's copies, because it is lost |
//! | destination | where a restore writes |
//! | scenario | a shelf and what happens to it, written down to be simulated |
//!
//! # What must always hold
//!
//! Behind each: the tests that show it, as `module::test` below `tests/` or `src/`.
//!
//! 1. The catalog never claims a copy that is not wholly and durably there: write, make durable,
//!    then record; record the removal, then unlink.
//!    `crash::a_backup_to_empty_disks`, `crash::a_backup_that_removes_orphans`,
//!    `power::loss::a_backup_on_ext4`, `power::named::one_bad_write_makes_no_false_claim_on_xfs`,
//!    `power::loss::what_growing_folders_lose_on_ntfs_is_found_out`,
//!    `injection::a_first_backup`, `disk::batch::nothing_is_claimed_of_a_disk_that_is_gone`.
//! 2. The last copy of live content is never deleted, evicted or overwritten, whatever else fails.
//!    For an eviction only those other copies count whose disk is not in doubt and was seen within
//!    the trust time (a setting; a year at first). A disk that only an older state of the catalog
//!    knows is in doubt until it was attached.
//!    `plan::rules::copies_in_doubt_license_nothing`, `plan::examples::last_copies_stay_whatever_waits`,
//!    `commands::shelf::a_budget_too_small_for_last_copies_keeps_them_and_says_so`,
//!    `commands::link::edited_files_leave_the_backup_as_it_is`,
//!    `commands::browsable_room::no_last_copy_makes_way_for_a_tree`,
//!    `commands::identity::an_old_catalog_lets_no_copy_go_for_those_it_only_remembers`,
//!    `random::lives_of_a_shelf`.
//! 3. At no instant does dsb use more than the budget, temporary files and catalog copies counted;
//!    and a full disk is met before it is full: the file system is asked, not only the arithmetic.
//!    `plan::random::no_history_breaks_an_invariant`, `ops::room::room_is_the_least_that_is_true`,
//!    `disks::a_small_ext4_is_filled_and_never_full`, `ops::room::redundant_content_makes_way_for_the_newest_tree_alone`,
//!    `commands::browsable::what_is_evicted_loses_its_names_and_its_room_in_one_step`.
//! 4. Every trade raises the objective, and so none can run in circles: bytes of live content with
//!    at least 1 of the copies wanted, then with at least 2, then 3 ..., higher priorities first,
//!    compared in that order, then the same beyond what is wanted. A last copy is never traded. What
//!    will be copied is open and readable before anything is evicted for it. docs/placement.md has
//!    the reasons.
//!    `plan::random::visits_in_turn_come_to_an_end`, `commands::shelf::visits_in_turn_come_to_rest`,
//!    `plan::shelves::levels_are_as_near_to_the_bound_as_whole_objects_allow`.
//! 5. The same catalog and the same disk give the same plan; after carrying a plan out, planning
//!    again gives the empty plan. `plan::random::no_history_breaks_an_invariant`,
//!    `commands::backup::the_same_state_gives_the_same_plan`,
//!    `catalog::census::files_are_visited_by_name_whatever_was_read_first`.
//! 6. `--simulate` prints the very plan that a run would carry out: the same value, another
//!    interpreter. It writes nothing anywhere.
//!    `commands::backup::a_simulation_is_the_plan_and_writes_nothing`.
//! 7. Kill it at any instant, run it again: the same tree, no object with fewer copies than an
//!    undisturbed run would have left it, the next plan empty, no temporary file left; only the
//!    placement may differ. `crash::an_update`, `crash::a_backup_that_trades`, `crash::a_restore`,
//!    `power::loss::an_update_on_btrfs`, `injection::a_backup_with_orphans_and_trades`,
//!    `injection::a_recovery`, `injection::a_backup_of_a_disk_with_trees`,
//!    `crash::a_backup_that_trades_below_trees`,
//!    `commands::fanout::a_change_that_was_cut_off_is_found_in_both_places_and_ended`.
//! 8. Nothing read from a source, a disk or a foreign catalog can make dsb write outside the root it
//!    was given, or crash it. `destination::no_symlink_leads_out`,
//!    `destination::a_directory_that_was_replaced_is_not_followed`,
//!    `catalog::migrations::a_view_of_a_stranger_is_refused`, `commands::stranger::names_that_climb`,
//!    `commands::exhaustion::each_directory_twice_in_the_one_above_it`,
//!    `commands::browsable::a_folder_replaced_by_a_symlink_is_not_followed`,
//!    `distbackup::hostile::rows_that_cannot_be_are_named_and_left_out`.
//! 9. One unreadable, vanished or oddly named file never stops a run: it is reported, counted, and
//!    the exit code says so. `commands::update::what_cannot_be_read_keeps_what_was_known_of_it`,
//!    `disk::batch::a_folder_that_is_none_fails_only_its_own`.
//! 10. Content that changed under an unchanged size and mtime is suspect: the new bytes become the
//!     entry, the old object stays live beside it, and the person is told, until
//!     `dsb suspect accept|reject PATH`.
//!     `commands::suspects::both_contents_are_kept_until_a_person_decides`.
//!
//! # The rooms
//!
//! ```text
//! main -> cli -> ops -> { source, catalog, plan, disk, destination } -> model
//! ```
//!
//! A room may use what stands to the right of it. The five in the middle never use each other: what
//! two of them must both name is a word of [`model`]. [`error`], [`progress`], [`digest`] and [`os`]
//! may be used by every room but [`model`] and [`plan`]. `tests/architecture.rs` holds that table
//! and names every line that breaks it.
//!
//! | room | its subject | IO |
//! |---|---|---|
//! | [`cli`] | arguments, words, JSON, exit codes; the only room that speaks or asks the environment | terminal |
//! | [`ops`] | the verbs: load, decide, do, record, and a report that others show | through the five |
//! | [`source`] | reads the live tree | reads sources |
//! | [`catalog`] | all SQL | the catalog's folder; a disk's catalog copy, read-only |
//! | [`plan`] | decides what goes onto a disk: values in, values out; no clock, no random | none |
//! | [`disk`] | one backup disk: marker, objects, catalog copies, browsable trees | below the data directory |
//! | [`destination`] | writes a restored tree; nothing lands outside its root | below the destination |
//! | [`model`] | the words | none |
//! | [`error`] | what ends a command; the rules for messages | none |
//! | [`progress`] | how long work tells of itself without printing | none |
//! | [`digest`] | hashes while copying, in one pass | files handed to it |
//! | [`os`] | system calls that std lacks; decides nothing | whatever it is asked |
//!
//! # How a medium is written to
//!
//! Data durable, then the name, then the directory durable, then the catalog's commit. Objects go in
//! batches ([`disk::BATCH_BYTES`], [`disk::BATCH_OBJECTS`], [`disk::BATCH_TIME`]): one flush of the
//! whole file system for the data, the renames, one for the names. A catalog copy goes the same way
//! where a journal keeps the order of names. Where nobody has shown that such
//! a flush works (FUSE, anything unknown) each file and directory is flushed by itself. A removal is
//! recorded durably before anything is unlinked. After a failed flush nothing of the batch counts;
//! it is copied again from the source. docs/format.md has the layout, docs/reliability.md every fault
//! that was thought of.
//!
//! # How a medium is read
//!
//! What is read once is not left in the cache. On a medium that spins, as the kernel says, files are taken
//! in the order of their inodes, one at a time ([`digest::Turn`]); elsewhere on all cores. Those who list
//! the source ask the catalog for themselves and hand on only what is not the same.
//! docs/performance.md has what each job costs and why.

pub mod catalog;
pub mod cli;
pub mod destination;
pub mod digest;
pub mod disk;
pub mod error;
pub mod model;
pub mod ops;
pub mod os;
pub mod plan;
pub mod progress;
pub mod source;
