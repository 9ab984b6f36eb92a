#!/usr/bin/env bash
# Publishes the program for this machine, compiled ahead of time, with all it needs: deploy/publish.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
arch=$(uname -m)
case $arch in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) echo "no runtime is known for $arch; publish by hand with -r RID" >&2; exit 2 ;;
esac
# Everything in one version bubble: the framework's generic code over our types is compiled too, which a start would else wait for.
dotnet publish src/app/Cete -c Release -r "$rid" --self-contained true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true \
    -o "${1:-artifacts/cete}" --nologo -v quiet
echo "Ready: ${1:-artifacts/cete}/cete"
