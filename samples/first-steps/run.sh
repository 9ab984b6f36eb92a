#!/usr/bin/env bash
# The first steps as one script: a new community in a temporary folder, a file put in, found by a word, fetched by its ID file.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
node=
trap '[ -z "$node" ] || kill "$node" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT

dotnet build src/app/Cete -c Release -v quiet --nologo
cete=(artifacts/bin/Cete/release/cete)
"${cete[@]}" node --create first-steps --data "$work/node" --http 127.0.0.1:0 --json > "$work/ready" &
node=$!
for _ in $(seq 100); do [ -s "$work/ready" ] && break; sleep 0.1; done
address=$(sed -n 's/.*"address":"\([^"]*\)".*/\1/p' "$work/ready")
export CETE_NODE=$address

echo "Bread: flour, water, salt, time." > "$work/sour-dough.txt"
"${cete[@]}" put "$work/sour-dough.txt" --to /recipes --tag bread
"${cete[@]}" search dough tag:bread
id=$("${cete[@]}" ls /recipes --json | sed -n 's/.*"idFile":"\([^"]*\)".*/\1/p')
"${cete[@]}" get --foreground "${address%/}$id" --to "$work/got"
cat "$work/got/sour-dough.txt"
