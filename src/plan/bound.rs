//! What a shelf could hold at best, if objects could be divided.

/// The most bytes that can have at least 1 copy, then at least 2 ...: maximised in this order.
///
/// `demands[k]` are the bytes that want more than `k` copies; they do not rise with `k`. Levels
/// x1 >= x2 >= ... fit disks of these rooms exactly if, for every t, the sum of min(xk, t) is at
/// most the sum of min(room, t) (Gale and Ryser: objects as columns, disks as rows of a 0/1 matrix).
/// Both sides bend only at a level or a room, so only there they are compared.
pub fn bound(rooms: &[u64], demands: &[u128]) -> Vec<u128> {
    let mut levels: Vec<u128> = Vec::new();
    for demand in demands {
        let most = levels.last().map_or(*demand, |last| *demand.min(last));
        levels.push(highest(rooms, &levels, most));
    }
    levels
}

/// The most bytes that can all have so many copies.
pub fn most(rooms: &[u64], copies: u32) -> u128 {
    let all: u128 = rooms.iter().map(|room| u128::from(*room)).sum();
    let (mut low, mut high) = (0, all);
    while low < high {
        let middle = high - (high - low) / 2;
        if capacity(rooms, middle) >= u128::from(copies) * middle { low = middle } else { high = middle - 1 }
    }
    low
}

/// Room for columns of height t.
fn capacity(rooms: &[u64], t: u128) -> u128 {
    rooms.iter().map(|room| u128::from(*room).min(t)).sum()
}

/// The highest next level, by bisection.
fn highest(rooms: &[u64], levels: &[u128], most: u128) -> u128 {
    let bends = levels.iter().copied().chain(rooms.iter().map(|room| u128::from(*room)));
    let spare: Vec<(u128, u128)> = bends.map(|t| (t, spare_at(rooms, levels, t))).collect();
    let count = levels.len() as u128 + 1;
    let fits = |x: u128| capacity(rooms, x) >= count * x && spare.iter().all(|(t, left)| *t < x || *left >= x);
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = high - (high - low) / 2;
        if fits(middle) { low = middle } else { high = middle - 1 }
    }
    low
}

/// What the levels so far leave of the columns of height t.
fn spare_at(rooms: &[u64], levels: &[u128], t: u128) -> u128 {
    let taken: u128 = levels.iter().map(|level| *level.min(&t)).sum();
    capacity(rooms, t).saturating_sub(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_closed_form_without_caps() {
        let table: [(&[u64], u128, [u128; 3]); 6] = [
            (&[10, 10], 10, [10, 10, 0]),
            (&[4, 4, 4], 6, [6, 6, 0]),
            (&[10, 1], 10, [10, 1, 0]),
            (&[3, 3], 8, [6, 0, 0]),
            (&[9, 5, 4], 9, [9, 9, 0]),
            (&[], 9, [0, 0, 0]),
        ];
        for (rooms, data, levels) in table {
            assert_eq!(bound(rooms, &[data; 3]), levels, "{rooms:?} {data}");
        }
    }

    #[test]
    fn a_cap_leaves_a_big_disk_idle() {
        assert_eq!(bound(&[100, 10, 10], &[50, 20]), [50, 20]);
        assert_eq!(bound(&[100, 5, 5], &[50, 50]), [50, 10]);
        assert_eq!(bound(&[100], &[50, 20]), [50, 0]);
    }

    #[test]
    fn so_much_can_all_have_so_many_copies() {
        let table: [(&[u64], u32, u128); 6] = [
            (&[10, 4, 4], 1, 18),
            (&[10, 4, 4], 2, 8),
            (&[10, 4, 4], 3, 4),
            (&[9, 9], 3, 0),
            (&[], 1, 0),
            (&[5], 0, 5),
        ];
        for (rooms, copies, bytes) in table {
            assert_eq!(most(rooms, copies), bytes, "{rooms:?} {copies}");
        }
    }

    #[test]
    fn the_largest_numbers_do_not_wrap() {
        assert_eq!(most(&[u64::MAX; 64], 64), u64::MAX.into());
        assert_eq!(bound(&[u64::MAX; 64], &[u128::MAX / 128; 2])[1], 0);
    }
}
