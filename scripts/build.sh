#!/usr/bin/env bash
# Builds what ships, once: the release server (with the demo compiled in) and the size-optimised, hashed, precompressed
# WASM. The demo and the browser tests use exactly this, so that nobody looks at or measures something else.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

# cargo-leptos binds, shrinks and compresses the WASM at every call: where no input is newer than the last build, spare that.
stamp="$(target_dir)/release/.built"
inputs=(src style public .cargo Cargo.toml Cargo.lock rust-toolchain.toml end2end/package-lock.json)
if [ -x "$(server_binary)" ] && [ -d target/site/pkg ] && [ -f "$stamp" ] &&
  [ -z "$(find "${inputs[@]}" -newer "$stamp" -print -quit 2>/dev/null)" ]; then
  exit 0
fi

say "build: the release server and the browser's WASM (a few minutes the first time)"
started="$(mktemp)" # what is saved while the build runs is newer than this, and builds again
trap 'rm -f "$started"' EXIT
# Hashed files of earlier builds would stay in the folder, and be measured and shipped along.
rm -rf target/site
cargo leptos build --release -P
cp -p "$started" "$stamp"
