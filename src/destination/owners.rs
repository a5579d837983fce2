//! Users and groups by name, looked up once each.

use crate::model::Owner;
use crate::os;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The numbers that names have on this system.
#[derive(Debug, Default)]
pub(super) struct Owners {
    users: Mutex<Numbers>,
    groups: Mutex<Numbers>,
}

type Numbers = HashMap<Vec<u8>, Option<u32>>;

impl Owners {
    /// The user's and the group's number here: by name, and by number where the name is
    /// unknown or numbers are asked for.
    pub fn numbers(&self, owner: &Owner, numeric_ids: bool) -> (u32, u32) {
        if numeric_ids {
            return (owner.uid, owner.gid);
        }
        let user = look_up(&self.users, &owner.user, os::user_number);
        let group = look_up(&self.groups, &owner.group, os::group_number);
        (user.unwrap_or(owner.uid), group.unwrap_or(owner.gid))
    }
}

fn look_up(known: &Mutex<Numbers>, name: &[u8], ask: impl Fn(&str) -> Option<u32>) -> Option<u32> {
    if name.is_empty() {
        return None;
    }
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(number) = known.get(name) {
        return *number;
    }
    let number = std::str::from_utf8(name).ok().and_then(ask);
    known.insert(name.to_vec(), number);
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_before_numbers() {
        let owner = |user: &str, group: &str| Owner {
            mode: 0,
            uid: 4_000_001,
            gid: 4_000_002,
            user: user.as_bytes().to_vec(),
            group: group.as_bytes().to_vec(),
        };
        let owners = Owners::default();
        assert_eq!(owners.numbers(&owner("root", "root"), false), (0, 0));
        assert_eq!(owners.numbers(&owner("root", "root"), true), (4_000_001, 4_000_002));
        for unknown in ["", "nobody-has-this-name", "a\0b"] {
            assert_eq!(owners.numbers(&owner(unknown, unknown), false), (4_000_001, 4_000_002));
        }
    }
}
