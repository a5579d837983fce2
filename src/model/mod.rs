//! The words: what the other rooms say to each other. Pure values, no IO, no clock.

mod copies;
mod disk;
mod disk_set;
mod entry;
mod footprint;
mod ids;
mod name;
mod object_id;
mod outcome;
mod pattern;
mod retention;
mod session;
mod settings;
mod size;
mod timestamp;
mod vpath;

pub use copies::{Amount, Class, Holding};
pub use disk::{Disk, DiskName, Medium, NotADiskName};
pub use disk_set::{DiskIndex, DiskSet};
pub use entry::{Content, Entry, Kind, Metadata, Owner, Stat, Xattr};
pub use footprint::Footprint;
pub use ids::{DirectoryId, FileSystemId, ObjectKey, SnapshotId};
pub use name::{Name, escape};
pub use object_id::ObjectId;
pub use outcome::Problem;
pub use pattern::{NotAPattern, Pattern};
pub use retention::{History, Retention, Span, Standing};
pub use session::SessionStamp;
pub use settings::{Protection, Settings};
pub use size::Size;
pub use timestamp::{Day, Second, Timestamp};
pub use vpath::VPath;
