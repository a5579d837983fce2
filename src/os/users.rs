//! What the system calls users and groups.

use nix::unistd::{Gid, Group, Uid, User};

/// A user's name, empty if the system knows none.
pub fn user_name(uid: u32) -> Vec<u8> {
    let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    user.map(|user| user.name.into_bytes()).unwrap_or_default()
}

/// The name of the user who runs this, or the number if the system knows no name.
pub fn own_name() -> String {
    let uid = Uid::current().as_raw();
    String::from_utf8(user_name(uid)).ok().filter(|name| !name.is_empty()).unwrap_or_else(|| uid.to_string())
}

/// A group's name, empty if the system knows none.
pub fn group_name(gid: u32) -> Vec<u8> {
    let group = Group::from_gid(Gid::from_raw(gid)).ok().flatten();
    group.map(|group| group.name.into_bytes()).unwrap_or_default()
}

/// The number of the user with this name, if the system knows one.
pub fn user_number(name: &str) -> Option<u32> {
    Some(User::from_name(name).ok()??.uid.as_raw())
}

/// The number of the group with this name, if the system knows one.
pub fn group_number(name: &str) -> Option<u32> {
    Some(Group::from_name(name).ok()??.gid.as_raw())
}
