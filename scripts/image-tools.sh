#!/usr/bin/env bash
# The build stage's tools, for the Dockerfile: what setup.sh installs, without what only tests need.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
rustup target add wasm32-unknown-unknown
npm ci --prefix end2end --no-audit --no-fund --ignore-scripts
install_cargo_leptos
install_wasm_bindgen
