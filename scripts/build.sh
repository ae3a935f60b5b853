#!/usr/bin/env bash
# Builds what ships, once: the release server (with the demo compiled in) and the size-optimised, hashed, precompressed
# WASM. The demo and the browser tests use exactly this, so that nobody looks at or measures something else.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

# Stale hashed files of earlier builds would stay in the site folder and be measured and shipped along.
rm -rf "$(target_dir)/site"
say "build: the release server and the browser's WASM (a few minutes the first time)"
cargo leptos build --release -P
