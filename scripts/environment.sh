# Sourced by every other script, so that all of them see the same tools and settings.
# Knows where the tools are; must not install anything (that is setup.sh).
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

# sass and wasm-opt come from npm: Debian's are too old, and cargo-leptos takes both from PATH.
export PATH="$ROOT/end2end/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
# The browser is Debian's: Playwright's own download is neither needed nor reachable everywhere.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1

if [ -t 1 ]; then BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m'; else BOLD='' RED='' PLAIN=''; fi

say() { printf '%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }

fail() {
  printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2
  exit 1
}

CARGO_LEPTOS=0.3.10 # 0.3.11 wants a newer rustc
# Must be the version of the crate in the lock file, to the digit.
WASM_BINDGEN="$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock)"

# These tools run for seconds, so they are built to be built quickly: their own release profiles take three times as long.
cargo_install() {
  env -u RUSTFLAGS CARGO_TARGET_DIR="$(target_dir)/tools" CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_DEBUG=false cargo install --force "$@"
}
# no_downloads: it takes its helpers from PATH instead of fetching its own.
install_cargo_leptos() { cargo_install cargo-leptos --version "$CARGO_LEPTOS" --locked --features no_downloads; }
# Without --locked: the tool's own lock file names a crate version that is no longer served.
install_wasm_bindgen() { cargo_install wasm-bindgen-cli --version "$WASM_BINDGEN"; }

# Where cargo puts what it builds.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$ROOT/target}"; }

# Where cargo-leptos puts the browser's files (site-root in Cargo.toml).
site_folder() { printf '%s' "${PORTAL_SITE_ROOT:-$ROOT/target/site}"; }

# The release server with the demo inside, as `cargo leptos build --release` leaves it.
server_binary() { printf '%s' "${ODR_PORTAL_BIN:-$(target_dir)/release/odr-portal}"; }

# Release programs look for the browser's hashed files beside themselves; tests and benchmarks are programs of their own,
# in a folder of their own.
hashes_for_tests() {
  mkdir -p "$(target_dir)/release/deps"
  ln -sf ../hash.txt "$(target_dir)/release/deps/hash.txt"
}
