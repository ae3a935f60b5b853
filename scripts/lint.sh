#!/usr/bin/env bash
# The cheap gates, in the order of their price. Both halves are linted, since each is compiled from different code.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

step() { # step <name>: one of the gates, or all
  case "$1" in
    format) cargo fmt --check ;;
    clippy-server) cargo clippy --features ssr --all-targets -- -D warnings ;;
    # A target folder of its own: sharing one would rebuild what both halves have in common at every switch.
    clippy-browser)
      cargo clippy --lib --no-default-features --features hydrate --target wasm32-unknown-unknown \
        --target-dir "$(target_dir)/front" -- -D warnings
      ;;
    # Advisories need a database from the network: run `cargo deny check advisories` where it can be reached.
    dependencies) cargo deny --log-level error check bans licenses sources ;;
    *) fail "lint: no gate is called $1" ;;
  esac
}

if [ $# = 0 ]; then set -- format clippy-server clippy-browser dependencies; fi
for name in "$@"; do step "$name"; done
