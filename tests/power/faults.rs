//! What a disk can be told to do wrong.

use std::ops::Range;
use std::time::Duration;

/// The faults of one disk; none at first.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// It answers nothing any more but errors.
    pub dead: bool,
    /// With which write it dies.
    pub dies: Failing,
    /// With which flush it dies.
    pub dies_flushing: Failing,
    /// It takes no write, as a disk whose lock is set.
    pub read_only: bool,
    /// Which flush it says it has done and has not.
    pub lies: Failing,
    /// Each write takes so long.
    pub delay: Duration,
    /// Which write fails.
    pub write: Failing,
    /// Which flush fails.
    pub flush: Failing,
    /// Bytes that cannot be read.
    pub unreadable: Option<Range<u64>>,
}

/// Which of the calls to come fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Failing {
    /// None.
    #[default]
    Never,
    /// The one after so many, and no other.
    Once(u64),
    /// The one after so many, and all behind it.
    From(u64),
}

impl Failing {
    /// Counts one call, and says whether it fails.
    pub fn strikes(&mut self) -> bool {
        let (strikes, next) = match *self {
            Self::Never => (false, Self::Never),
            Self::Once(0) => (true, Self::Never),
            Self::Once(left) => (false, Self::Once(left - 1)),
            Self::From(0) => (true, Self::From(0)),
            Self::From(left) => (false, Self::From(left - 1)),
        };
        *self = next;
        strikes
    }
}

#[test]
fn a_fault_strikes_when_it_should() {
    let table = [
        (Failing::Never, [false; 4]),
        (Failing::Once(1), [false, true, false, false]),
        (Failing::From(2), [false, false, true, true]),
    ];
    for (mut failing, expected) in table {
        assert_eq!([(); 4].map(|()| failing.strikes()), expected);
    }
}
