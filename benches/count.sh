#!/usr/bin/env bash
# Counts the instructions of benches/counted.rs with valgrind, beside those of the last record. A
# difference is a trend to look at, never a failure.
#   benches/count.sh              prints the table
#   benches/count.sh --record     and writes benches/instructions.txt anew
set -eu -o pipefail
cd "$(dirname "$0")/.."
record=benches/instructions.txt

case "${1:-}" in
    "" | --record) ;;
    *) echo "usage: benches/count.sh [--record]" >&2; exit 2 ;;
esac
command -v valgrind > /dev/null 2>&1 || { echo "skipped: valgrind is not installed"; exit 0; }

built=$(cargo bench --no-run --bench counted 2>&1) || { echo "$built" >&2; exit 1; }
program=$(sed -n 's/.*Executable benches\/counted.rs (\(.*\))$/\1/p' <<< "$built")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" prepare "$folder/catalog" > /dev/null

# Only what is below counted_work counts: not how the program begins, nor what it prepares.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*counted_work*' \
        "$program" "$1" "$folder/catalog" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

for part in plan patterns children census hash; do
    echo "$part $(count "$part")"
done > "$folder/now"

touch "$record"
printf '%-10s %15s %15s %8s\n' path 'instructions' 'at the record' change
awk 'FILENAME == ARGV[1] { if ($1 !~ /^#/) was[$1] = $2; next }
     { change = was[$1] ? sprintf("%+.1f %%", 100 * ($2 - was[$1]) / was[$1]) : "new"
       printf "%-10s %15d %15s %8s\n", $1, $2, was[$1] ? was[$1] : "-", change }' \
    "$record" "$folder/now"

if [ "${1:-}" = --record ]; then
    { echo "# Instructions of benches/counted.rs, written by benches/count.sh --record"
      echo "# with $(rustc --version), $(valgrind --version), $(uname -m)"
      cat "$folder/now"; } > "$record"
fi
