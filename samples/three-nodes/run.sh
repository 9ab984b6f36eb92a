#!/usr/bin/env bash
# A community of three nodes on this machine: one makes it, two join by tokens, and every service has a replica on each. Files are put in all the time;
# then the root of the index is killed. The others elect another root and go on, and at the end every file whose putting in was acknowledged is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
nodes=()
writer=
trap 'for one in $writer "${nodes[@]}"; do kill "$one" 2> /dev/null || true; done; wait 2> /dev/null || true; rm -rf "$work"' EXIT

dotnet build src/app/Cete -c Release -v quiet --nologo
cete=$PWD/artifacts/bin/Cete/release/cete
here=(--http 127.0.0.1:0 --fabric 127.0.0.1:0 -D cete.fabric.preset=local --json)
names=(first second third)

# Starts a node in a folder of its own and waits until it is ready; its address is in $work/NAME.address then.
start() {
    "$cete" node --data "$work/$1" --name "$1" "${here[@]}" "${@:2}" > "$work/$1.ready" &
    nodes+=($!)
    for _ in $(seq 600); do [ -s "$work/$1.ready" ] && break; sleep 0.1; done
    sed -n 's/.*"address":"\([^"]*\)".*/\1/p' "$work/$1.ready" > "$work/$1.address"
}

at() { cat "$work/$1.address"; }
token() {
    "$cete" token create --node "$(at first)" --key "$work/first/trust/administrator.pem" --roles accounts,index,tracker,share,cache --json |
        sed -n 's/.*"token":"\([^"]*\)".*/\1/p'
}

# Waits until a command succeeds, so many seconds at most.
wait_for() {
    local until=$((SECONDS + $1))
    until "${@:2}"; do
        [ "$SECONDS" -lt "$until" ] || { echo "In $1 s it did not come true: ${*:2}" >&2; exit 1; }
        sleep 0.2
    done
}

index_of() { "$cete" group list --node "$(at "$1")" --json 2> /dev/null | grep '"name":"index"'; }
bears_a_loss() { index_of "$1" | grep -q '"failuresTolerated":1'; }
root_of() { index_of "$1" | sed -n 's/.*"node":"[^"]*","name":"\([^"]*\)","votes":[a-z]*,"isRoot":true.*/\1/p'; }
has_other_root() { local root; root=$(root_of "$1"); [ -n "$root" ] && [ "$root" != "$2" ]; }
acknowledged() { wc -l < "$work/acknowledged"; }
has_written() { [ "$(acknowledged)" -ge "$1" ]; }

# Puts in one small file after the other, through one node after the other; what was acknowledged is noted down.
write() {
    for number in $(seq 1000000); do
        echo "file $number" > "$work/file-$number"
        for name in "$@"; do
            if "$cete" put "$work/file-$number" --to /written --node "$(at "$name")" > "$work/put.log" 2>&1; then
                echo "file-$number" >> "$work/acknowledged"
                break
            fi
        done
    done
}

# The three commands: a community, and two that join it.
start first --create three
start second --token "$(token)"
start third --token "$(token)"
for name in "${names[@]}"; do wait_for 60 bears_a_loss "$name"; done
"$cete" group list --node "$(at third)"

root=$(root_of first)
survivors=()
for i in "${!names[@]}"; do
    if [ "${names[$i]}" = "$root" ]; then victim=${nodes[$i]}; else survivors+=("${names[$i]}"); fi
done

touch "$work/acknowledged"
write "${survivors[@]}" &
writer=$!
wait_for 60 has_written 5
before=$(acknowledged)
echo "$before files are in; the $root node, the root of the index, is killed."
kill -9 "$victim"
wait_for 60 has_other_root "${survivors[0]}" "$root"
wait_for 120 has_written $((before + 5))
kill "$writer"
wait "$writer" 2> /dev/null || true
writer=

for name in "${survivors[@]}"; do
    "$cete" ls /written --node "$(at "$name")" --json | sed -n 's/.*"name":"\([^"]*\)".*/\1/p' | sort > "$work/$name.there"
    sort "$work/acknowledged" | comm -23 - "$work/$name.there" > "$work/$name.lost"
    echo "$(acknowledged) files were acknowledged; of these the $name node has $(($(acknowledged) - $(wc -l < "$work/$name.lost")))."
    if [ -s "$work/$name.lost" ]; then
        cat "$work/$name.lost" >&2
        exit 1
    fi
done
"$cete" group list --node "$(at "${survivors[0]}")"
