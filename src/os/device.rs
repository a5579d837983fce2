//! System calls that ask what a file system and this process are.

use rustix::ioctl::{Getter, Opcode, ioctl};
use std::io;
use std::os::fd::BorrowedFd;

/// `FS_IOC_GETFSUUID` of linux/fs.h.
const GET_FS_UUID: Opcode = 0x8011_1500;
/// `FS_IOC_GETFSLABEL` of linux/fs.h.
const GET_FS_LABEL: Opcode = 0x8100_9431;

/// `struct fsuuid2` of linux/fs.h.
#[repr(C)]
struct FsUuid {
    length: u8,
    uuid: [u8; 16],
}

/// The uuid of the file system that holds something open: 16 bytes, fewer on some file systems.
#[allow(unsafe_code)]
pub fn fs_uuid(file: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
    // SAFETY: the kernel writes one struct fsuuid2 for this request, which FsUuid mirrors.
    let found: FsUuid = unsafe { ioctl(file, Getter::<GET_FS_UUID, FsUuid>::new())? };
    Ok(found.uuid.into_iter().take(found.length.into()).collect())
}

/// The label of the file system that holds something open, without the final NUL.
#[allow(unsafe_code)]
pub fn fs_label(file: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
    // SAFETY: the kernel writes FSLABEL_MAX (256) bytes for this request.
    let found: [u8; 256] = unsafe { ioctl(file, Getter::<GET_FS_LABEL, [u8; 256]>::new())? };
    Ok(found.into_iter().take_while(|byte| *byte != 0).collect())
}

/// The user this process acts as; 0 is root.
pub fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The group this process acts as.
pub fn effective_group() -> u32 {
    rustix::process::getegid().as_raw()
}

/// A number that nobody can guess.
pub fn random() -> io::Result<u64> {
    let mut bytes = [0; 8];
    rustix::rand::getrandom(&mut bytes[..], rustix::rand::GetRandomFlags::empty())?;
    Ok(u64::from_ne_bytes(bytes))
}
