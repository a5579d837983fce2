//! Which file system something is on, by a name that outlives replugging and rebooting.

use crate::os;
use std::io;
use std::os::fd::BorrowedFd;

/// File systems whose inode numbers change from mount to mount or mean nothing, by `f_type` as
/// in `linux/magic.h`: FUSE, exFAT, FAT, NFS, CIFS, SMB2, 9P, overlay, Ceph.
const UNSTABLE: [u64; 9] =
    [0x6573_5546, 0x2011_BAB0, 0x4d44, 0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x0102_1997, 0x794c_7630, 0x00c3_6400];

/// `f_type` of btrfs, whose subvolumes share a uuid but not their inode numbers.
const BTRFS: u64 = 0x9123_683E;

/// A file system's lasting name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name.
    pub text: String,
    /// Whether inode numbers and change times mean something there.
    pub stable: bool,
}

/// Asks for the uuid; where there is none the system's own id must do.
pub fn of(directory: BorrowedFd<'_>) -> io::Result<Identity> {
    let system = os::file_system(directory)?;
    let id = system.id;
    let text = match os::fs_uuid(directory) {
        Ok(uuid) if system.magic == BTRFS => format!("uuid:{}:{id:016x}", hex(&uuid)),
        Ok(uuid) => format!("uuid:{}", hex(&uuid)),
        Err(_) => format!("fsid:{:x}:{id:016x}", system.magic),
    };
    Ok(Identity { text, stable: !UNSTABLE.contains(&system.magic) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
