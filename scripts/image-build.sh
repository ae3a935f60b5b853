#!/usr/bin/env bash
# Builds what goes into the image, into the folder named: the server without demo code, and its hashed files.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ $# = 1 ] || fail "usage: scripts/image-build.sh <folder>"
out="$1"

# --bin-features replaces those of Cargo.toml, which have the demo inside; the browser's half has no part of it anyway.
cargo leptos build --release -P --bin-features ssr --bin-cargo-args=--locked --lib-cargo-args=--locked

target="$(target_dir)"
mkdir -p "$out"
install -m 0755 "$target/release/odr-portal" "$out/odr-portal"
install -m 0644 "$target/release/hash.txt" "$out/hash.txt"
cp -R target/site "$out/site"
