#!/usr/bin/env bash
# Everything that must hold before a change is merged, cheapest first, so that what fails fails early.
# Prints each step's name before it and the seconds of each after all; stops at the first failure.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

names=() seconds=()

report() {
  local status=$? index
  # The step that failed is on record without its time.
  printf '\n%s%-34s %8s%s\n' "$BOLD" step seconds "$PLAIN"
  for index in "${!names[@]}"; do
    printf '%-34s %8s\n' "${names[$index]}" "${seconds[$index]:-failed}"
  done
  printf '%-34s %8s\n' total "$SECONDS"
  if [ "$status" != 0 ]; then printf '%stest: %s failed%s\n' "$RED" "${names[-1]:-start}" "$PLAIN" >&2; fi
}
trap report EXIT

step() {
  local started=$SECONDS
  names+=("$1")
  say ""
  say "── $1"
  "${@:2}"
  seconds+=($((SECONDS - started)))
}

step "setup" scripts/setup.sh
step "format" scripts/lint.sh format
step "clippy, server half" scripts/lint.sh clippy-server
step "clippy, browser half" scripts/lint.sh clippy-browser
step "dependency rules" scripts/lint.sh dependencies
step "unit and black-box tests" cargo nextest run --features ssr
step "release build" scripts/build.sh
step "WASM budget" scripts/wasm-budget.sh
step "browser tests" scripts/e2e.sh
