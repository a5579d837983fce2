//! Power cuts and failing disks: what the medium really holds at every instant.
//!
//! A fault disk (`fault_disk`) serves images by FUSE and logs every write and flush in one order. File
//! systems lie on it, the real program runs, and from the log every state is rebuilt that a power cut
//! could have left (`crash`): each is mounted and looked at (`invariants`), and from some of them the
//! program goes on (`rerun`). `loss` does that with whole runs; `named` and `damage` give a disk one fault at a
//! time; `flushes` counts what a backup costs. `DSB_LONG=1` looks at ten thousand states of each run,
//! `DSB_SEED` picks others.

mod crash;
mod damage;
mod disk_facts;
mod drive;
mod facts;
mod fault_disk;
mod faults;
mod flushes;
mod image;
mod invariants;
mod kind;
mod loss;
mod medium;
mod named;
mod ntfs;
mod replay;
mod rerun;
mod rig;
mod server;
