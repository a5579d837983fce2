#!/bin/bash
# A shelf lives for an hour and nothing is gentle with it: by hand, before a release.
#
#   tests/soak.sh [MINUTES] [SEED]     DSB=target/release/dsb is what is tried
#
# A source that changes, three disks on file systems of their own (folders where this is not root);
# update, backup, verify, repair and restore in random order, killed at random moments, with disks
# that are unmounted or turn read-only meanwhile. After each round no claim may be false; at the end
# all of the source must come back.
set -u
minutes=${1:-60} seed=${2:-$RANDOM}
RANDOM=$seed
cd "$(dirname "$0")/.." || exit 1
dsb=$(realpath "${DSB:-target/release/dsb}") || exit 1
[ -x "$dsb" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/dsb-soak-XXXXXX") || exit 1
export HOME=$work/home
unset DISTBACKUP_PATH XDG_CONFIG_HOME
rounds=0 kills=0 troubles=0 violations=0 files=0
declare -A device kind=([a]=ext4 [b]=xfs [c]=btrfs) megabytes=([a]=64 [b]=320 [c]=160)

clean_up() {
  for disk in a b c; do
    umount -l "$work/$disk" 2>/dev/null
    [ -n "${device[$disk]:-}" ] && losetup -d "${device[$disk]}" 2>/dev/null
  done
  if [ $violations = 0 ]; then rm -rf --one-file-system "$work"; else echo "what is left is in $work"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

violation() {
  violations=$((violations + 1))
  echo "VIOLATION in round $rounds: $*"
  tail -n 5 "$work/said"
}

# The two answer in variables: a subshell would draw other numbers than the seed gives.
below() { n=$(((RANDOM * 32768 + RANDOM) % $1)); }

one_of() { below $#; shift "$n"; chosen=$1; }

make_disk() {
  mkdir "$work/$1"
  [ "$(id -u)" = 0 ] || return 0
  truncate -s "${megabytes[$1]}M" "$work/$1.img"
  mkfs."${kind[$1]}" -q "$work/$1.img" >/dev/null || exit 1
  device[$1]=$(losetup -f --show "$work/$1.img") || exit 1
  mount "${device[$1]}" "$work/$1" || exit 1
}

# Runs dsb to its end; the code must be one of those given.
must() {
  local codes=$1; shift
  "$dsb" "$@" >"$work/said" 2>&1
  local code=$?
  [[ " $codes " = *" $code "* ]] || violation "dsb $* ended with $code"
}

new_file() {
  files=$((files + 1))
  below 16
  local path=$work/src/$((n / 4))/$((n % 4))/$files
  mkdir -p "${path%/*}"
  one_of 0 10 5000 70000 900000 3000000
  head -c "$chosen" /dev/urandom >"$path"
}

# A few files come, change, move and go; there are never more than the disks hold.
change_source() {
  local path
  for _ in 1 2 3 4 5 6; do
    below 100
    path=$(find "$work/src" -type f | sort | sed -n "$((n + 1))p")
    below 6
    case $n in
      0) [ -n "$path" ] && mv "$path" "$path.m" ;;
      1) [ -n "$path" ] && head -c 3000 /dev/urandom >>"$path" ;;
      2) below 100 && ln -sfn "$n" "$work/src/link$((n % 5))" ;;
      *) new_file ;;
    esac
  done
  # The eldest go, so that the rest fits on the shelf.
  find "$work/src" -type f -printf '%T@ %p\n' | sort -rn | tail -n +100 | cut -d' ' -f2- | xargs -r -d '\n' rm
}

# What may befall a disk while it is used; as root only, on file systems of its own.
trouble() {
  [ -n "${device[$1]:-}" ] || return 0
  troubles=$((troubles + 1))
  below 2
  case $n in
    0) umount -l "$work/$1" ;;
    1) mount -o remount,ro "$work/$1" 2>/dev/null ;;
  esac
}

# All is as it was before the trouble.
settle() {
  [ -n "${device[$1]:-}" ] || return 0
  mountpoint -q "$work/$1" || mount "${device[$1]}" "$work/$1" || { echo "$work/$1 cannot be mounted"; exit 1; }
  mount -o remount,rw "$work/$1"
}

# One command, left alone, killed, or robbed of its disk.
try() {
  local disk line fate pid
  one_of a b c && disk=$chosen
  one_of none kill kill kill trouble && fate=$chosen
  below 8
  case $n in
    0 | 1) line="update" ;;
    2 | 3 | 4) line="backup $disk" ;;
    5) line="verify $disk" ;;
    6) line="repair $disk" ;;
    7) line="restore $disk $work/out" ;;
  esac
  one_of 20 60 150 && below "$chosen"
  "$dsb" $line >"$work/said" 2>&1 &
  pid=$!
  [ $fate = none ] || sleep "$(printf 0.%03d "$n")"
  [ $fate = trouble ] && trouble "$disk"
  [ $fate = kill ] && kill -KILL $pid 2>/dev/null && kills=$((kills + 1))
  wait $pid 2>/dev/null
  judge "$fate" $? "$line"
  settle "$disk"
}

judge() {
  case $1:$2 in
    *:0 | *:3 | kill:137) ;;
    trouble:1 | trouble:5 | trouble:10) ;;
    *) violation "dsb $3 ($1) ended with $2" ;;
  esac
}

listing() { (cd "$1" && find . -printf '%P %y %m %s %T@ %l\n' | grep -v '^ d' | sed -E 's/ d ([0-9]+) [0-9]+ / d \1 /' | sort); }

# Everything is backed up, proven, and comes back the same.
all_comes_back() {
  must 0 update
  for disk in a b c a b c; do must "0 3" backup $disk; done
  for disk in a b c; do must 0 verify $disk; done
  must 0 catalog check a b c
  must 0 restore "$work/final"
  diff -r --no-dereference "$work/src" "$work/final/s" >"$work/said" 2>&1 || violation "what came back differs"
  diff <(listing "$work/src") <(listing "$work/final/s") >"$work/said" 2>&1 || violation "its metadata differs"
}

echo "seed $seed, $minutes minutes, in $work"
mkdir -p "$HOME" "$work/src" "$work/out"
must 0 source map /s "$work/src"
for disk in a b c; do make_disk $disk && must 0 disk add $disk "$work/$disk/backup" --same-device; done
end=$((SECONDS + minutes * 60)) next=$((SECONDS + 60))
while [ $SECONDS -lt $end ]; do
  rounds=$((rounds + 1))
  change_source
  try
  must 0 catalog check a b c
  [ $((rounds % 25)) = 0 ] && one_of a b c && must 0 verify "$chosen"
  [ $SECONDS -ge $next ] && next=$((SECONDS + 60)) && echo "$rounds rounds, $kills kills, $troubles troubles, $violations violations"
done
all_comes_back
echo "$rounds rounds, $kills kills, $violations violations"
[ $violations = 0 ]
