#!/usr/bin/env bash
# Brings a fresh Debian machine with rustup and Node to where everything builds and every test runs.
# Looks before it installs, so repeating it costs nothing; says what it does, how long it took, and what to do on failure.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

CARGO_DENY=0.20.2
CARGO_NEXTEST=0.9.143

changed=0

# timed <what> <what to do if it fails> <command …>
timed() {
  local what="$1" remedy="$2" started=$SECONDS log
  shift 2
  log="$(mktemp)"
  changed=1
  say "setup: $what …"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "setup: $what failed (whole output: $log). $remedy"
  fi
  rm -f "$log"
  echo "setup: $what took $((SECONDS - started)) s"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "this needs root, and there is no sudo here" >&2
    return 1
  fi
}

has() { command -v "$1" >/dev/null 2>&1; }

debian_packages() {
  local missing=()
  # command → package that brings it; the C compiler is for SQLite and for linking.
  has cc || missing+=(build-essential)
  has brotli || missing+=(brotli)
  has nginx || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  [ -n "${CHROMIUM_PATH:-}" ] || has chromium || missing+=(chromium)
  [ ${#missing[@]} = 0 ] && return
  has apt-get || fail "setup: ${missing[*]} missing and there is no apt-get here. Install them by your system's means."
  # nginx is started by the tests on a port of their own; Debian must not start one on port 80.
  timed "apt packages (${missing[*]})" "Run as root: apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" \
    as_root bash -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends "$@"' apt "${missing[@]}"
}

rust_toolchain() {
  has cargo || fail "setup: cargo is missing. Install rustup from https://rustup.rs, then run this again."
  local sysroot
  sysroot="$(rustc --print sysroot)"
  if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
    timed "the wasm32-unknown-unknown target" "Try: rustup target add wasm32-unknown-unknown" rustup target add wasm32-unknown-unknown
  fi
  if ! has cargo-clippy || ! has cargo-fmt; then
    timed "clippy and rustfmt" "Try: rustup component add clippy rustfmt" rustup component add clippy rustfmt
  fi
}

is_version() { # is_version <wanted> <command …>: whether the command says that version
  local wanted="$1" line
  shift
  line="$("$@" 2>/dev/null)" && [ "${line##* }" = "$wanted" ]
}

cargo_tools() {
  is_version "$CARGO_LEPTOS" cargo-leptos --version ||
    timed "cargo-leptos $CARGO_LEPTOS (ten minutes or so)" "Needs crates.io." install_cargo_leptos
  is_version "$WASM_BINDGEN" wasm-bindgen --version ||
    timed "wasm-bindgen-cli $WASM_BINDGEN (two minutes or so)" "Needs crates.io." install_wasm_bindgen
  is_version "$CARGO_DENY" cargo-deny --version ||
    timed "cargo-deny $CARGO_DENY (two minutes or so)" "Needs crates.io." cargo_install cargo-deny --version "$CARGO_DENY" --locked
  # Any version runs the tests.
  has cargo-nextest ||
    timed "cargo-nextest $CARGO_NEXTEST (five minutes or so)" "Needs crates.io." cargo_install cargo-nextest --version "$CARGO_NEXTEST" --locked
}

npm_packages() {
  has node && has npm || fail "setup: Node 20 or newer with npm is missing. Install it from your system or https://nodejs.org."
  # npm leaves a copy of the lock file behind: where ours is not newer than that, there is nothing to do.
  local installed=end2end/node_modules/.package-lock.json stamp=end2end/node_modules/.odr-lock
  if [ -f "$installed" ] && cmp -s "$stamp" end2end/package-lock.json; then return; fi
  timed "npm packages of end2end (Playwright, axe, Lighthouse, sass, wasm-opt)" "Needs the npm registry; try: cd end2end && npm ci" \
    npm ci --prefix end2end --no-audit --no-fund
  cp end2end/package-lock.json "$stamp"
}

started=$SECONDS
debian_packages
rust_toolchain
npm_packages
cargo_tools
if [ "$changed" = 1 ]; then say "setup: ready after $((SECONDS - started)) s"; fi
