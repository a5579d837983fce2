//! What can be wrong with a plan.

use super::super::Reason;
use std::fmt;

/// One thing that a plan must not do. Items are named by their index; of two, the first makes way
/// for the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A step names an item that there is none of.
    NoSuchItem(u32),
    /// The last copy of live content is given up.
    LastCopy(u32),
    /// A copy is given up that is not on the disk.
    NotHere(u32),
    /// What is on the disk is copied again.
    AlreadyHere(u32),
    /// Something is copied that only history needs, or nobody.
    NotLive(u32),
    /// Something is copied whose bytes are not to be had.
    Unobtainable(u32),
    /// It gets more copies than it may have.
    BeyondMaxcopies(u32),
    /// The reason that a step gives does not hold.
    WrongReason(u32, Reason),
    /// With this copy the disk holds so many bytes more than its room.
    OverRoom(u32, u128),
    /// Evicted for a copy that fits without that.
    Needless(u32, u32),
    /// Evicted for a copy that has no better claim to the room.
    NoBetterClaim(u32, u32),
    /// Exchanged for one that has another claim to the room.
    UnequalExchange(u32, u32),
    /// So many bytes are too much to be exchanged for it.
    DearExchange(u32, u128),
    /// An orphan does not go before everything else.
    OrphanLate(u32),
    /// An orphan stays on the disk.
    OrphanLeft(u32),
    /// Fewer bytes have a copy of this number and priority, and nothing that comes before that gained.
    Worse(u32, u8),
    /// The same shelf gave another plan.
    Fickle,
    /// After the plan is carried out so many steps more are to be done.
    Unsettled(usize),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchItem(item) => write!(f, "there is no object {item}"),
            Self::LastCopy(item) => write!(f, "object {item} loses its last copy"),
            Self::NotHere(item) => write!(f, "object {item} is to be taken away and is not there"),
            Self::AlreadyHere(item) => write!(f, "object {item} is copied and is there already"),
            Self::NotLive(item) => write!(f, "object {item} is copied and is not live"),
            Self::Unobtainable(item) => write!(f, "object {item} is copied and cannot be had"),
            Self::BeyondMaxcopies(item) => write!(f, "object {item} gets more copies than it may have"),
            Self::WrongReason(item, reason) => write!(f, "{reason:?} is no reason for what is done to object {item}"),
            Self::OverRoom(item, excess) => write!(f, "with object {item} the disk is {excess} bytes over its room"),
            Self::Needless(victim, newcomer) => {
                write!(f, "object {victim} makes way for object {newcomer}, which fits without that")
            }
            Self::NoBetterClaim(victim, newcomer) => {
                write!(f, "object {victim} makes way for object {newcomer}, which has no better claim")
            }
            Self::UnequalExchange(victim, newcomer) => {
                write!(f, "object {victim} is exchanged for object {newcomer}, which has another claim")
            }
            Self::DearExchange(newcomer, bytes) => {
                write!(f, "{bytes} bytes are too much to be exchanged for object {newcomer}")
            }
            Self::OrphanLate(item) => write!(f, "object {item}, an orphan, does not go first"),
            Self::OrphanLeft(item) => write!(f, "object {item}, an orphan, stays"),
            Self::Worse(copies, priority) => {
                write!(f, "fewer bytes of priority {priority} have copy {copies}, and nothing before that gained")
            }
            Self::Fickle => f.write_str("the same shelf gave another plan"),
            Self::Unsettled(steps) => write!(f, "once the plan is carried out, {steps} more steps are to be done"),
        }
    }
}
