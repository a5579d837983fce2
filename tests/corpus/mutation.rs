//! Inputs made of others: a few bytes changed, cut, doubled, or grown together with another input.

use super::random::Random;
use std::path::PathBuf;

/// What parsers trip over.
const PIECES: [&[u8]; 18] = [
    b"",
    b"\0",
    b"\n",
    b"/",
    b"..",
    b"\\",
    b"\"",
    b"!",
    b"*",
    b"[",
    b"]",
    b"{",
    b"\xff",
    b"-1",
    b"0",
    b"18446744073709551616",
    b"9223372036854775807",
    "\u{202e}".as_bytes(),
];

/// One of the inputs, changed.
pub fn mutate(random: &mut Random, inputs: &[(PathBuf, Vec<u8>)]) -> Vec<u8> {
    let mut input = inputs[random.below(inputs.len())].1.clone();
    for _ in 0..=random.below(4) {
        let other = &inputs[random.below(inputs.len())].1;
        change(random, &mut input, other);
    }
    input
}

fn change(random: &mut Random, input: &mut Vec<u8>, other: &[u8]) {
    let from = random.below(input.len() + 1);
    let until = from + random.below((input.len() - from).min(40) + 1);
    match random.below(6) {
        0 if from < input.len() => input[from] = random.next().to_le_bytes()[0],
        1 if from < input.len() => input[from] ^= 1 << random.below(8),
        2 => drop(input.drain(from..until)),
        3 => {
            let piece = PIECES[random.below(PIECES.len())];
            input.splice(from..until, piece.iter().copied());
        }
        4 => {
            let doubled = input[from..until].to_vec();
            input.splice(from..from, doubled);
        }
        _ => {
            input.truncate(from);
            input.extend_from_slice(&other[random.below(other.len() + 1)..]);
        }
    }
}
