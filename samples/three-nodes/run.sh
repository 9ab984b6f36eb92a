#!/usr/bin/env bash
# A community of three nodes on this machine: one makes it, two join by tokens. Then one is killed, and the others agree on who is left.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
nodes=()
trap 'for node in "${nodes[@]}"; do kill "$node" 2> /dev/null || true; done; wait 2> /dev/null || true; rm -rf "$work"' EXIT

dotnet build src/app/Cete -c Release -v quiet --nologo
cete=$PWD/artifacts/bin/Cete/release/cete
here=(--http 127.0.0.1:0 --fabric 127.0.0.1:0 -D cete.fabric.preset=local --json)

# Starts a node in a folder of its own and waits until it is ready; its address is in $work/NAME.address then.
start() {
    "$cete" node --data "$work/$1" --name "$1" "${here[@]}" "${@:2}" > "$work/$1.ready" &
    nodes+=($!)
    for _ in $(seq 200); do [ -s "$work/$1.ready" ] && break; sleep 0.1; done
    sed -n 's/.*"address":"\([^"]*\)".*/\1/p' "$work/$1.ready" > "$work/$1.address"
}

token() { "$cete" token create --node "$(cat "$work/first.address")" --key "$work/first/trust/administrator.pem" --roles share,cache --json | sed -n 's/.*"token":"\([^"]*\)".*/\1/p'; }

show() {
    for name in "$@"; do
        "$cete" servers --node "$(cat "$work/$name.address")" --json | sed -n "s/.*\"version\":\"\([0-9a-f]*\)\".*/$name has server list \1/p"
    done
}

# The three commands: a community, and two that join it.
start first --create three
start second --token "$(token)"
start third --token "$(token)"

sleep 1
show first second third
"$cete" servers --node "$(cat "$work/third.address")"

echo "The second is killed."
kill -9 "${nodes[1]}"
until "$cete" servers --node "$(cat "$work/third.address")" | grep -q '^ *dead *second'; do sleep 0.2; done
show first third
"$cete" servers --node "$(cat "$work/third.address")"
