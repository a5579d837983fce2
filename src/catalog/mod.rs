//! The catalog: all SQL is here, and SQLite is nowhere else.
//!
//! One SQLite file beside its lock. Every method is one subject's query or one atomic change;
//! what belongs together is written between [`Catalog::begin`] and [`Catalog::commit`]. What a
//! change means is decided by the callers.

/// SQL that says whether a copy `c` on a disk `d` is in doubt: it could not be read, or nobody read it, or
/// it came in a session that was cut off.
macro_rules! in_doubt {
    () => {
        "(c.doubt OR c.session > 0 AND c.session = d.session AND NOT d.closed)"
    };
}

mod appearances;
mod arrange;
mod census;
mod changes;
mod check;
mod copies;
mod disks;
mod distbackup;
mod entries;
mod explain;
mod glance;
mod halves;
mod handlings;
mod held;
mod history;
mod holdings;
mod home;
mod last_copies;
mod leads;
mod listing;
mod lock;
mod losses;
mod migrations;
mod objects;
mod open;
mod proof;
mod protection;
mod publish;
mod purge;
mod recover;
mod renames;
mod rows;
mod scan;
mod settings;
mod shared;
mod sides;
mod snapshots;
mod sources;
mod stream;
mod suspects;
mod tally;
mod touched;
mod usage;
mod writer;

pub use appearances::Appearance;
pub use census::{CensusItem, DirectoryRow, Seen};
pub use changes::{KindSum, Place, Side};
pub use copies::{Copy, Replaced};
pub use distbackup::{Adopted, Adoption, Export, ExportedFile, Old, OldDisk, OldFile, OldObject, Takeover};
pub use entries::{FileRecord, Previous, Recorded};
pub use explain::{Explained, Statements};
pub use glance::{Glance, Glimpse, Hindsight, Sight, Within};
pub use held::Held;
pub use listing::{ObjectPlace, TreeRow, View};
pub use lock::RunLock;
pub use losses::Lost;
pub use open::{Catalog, FILE_NAME};
pub use proof::LostCopy;
pub use recover::Vacancy;
pub use renames::{Renamed, Sought};
pub use scan::{Known, Pending};
pub use sides::SideSettings;
pub use sources::SourceMap;
pub use suspects::Suspect;
pub use usage::{FileRow, Usage};
pub use writer::TreeWriter;
