#!/usr/bin/env bash
# The long forms: what `make test` does in thousands is done in millions here. For the night, not for every change.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
export SOAK_REQUESTS="${SOAK_REQUESTS:-1000000}" PROPTEST_CASES="${PROPTEST_CASES:-20000}" SOAK_FILE_MB="${SOAK_FILE_MB:-200}"
export SOAK_KILLS="${SOAK_KILLS:-20}" SOAK_FILING_ROWS="${SOAK_FILING_ROWS:-20000}"
say "soak: $SOAK_REQUESTS mixed requests, $PROPTEST_CASES cases a property, a file of $SOAK_FILE_MB MB, $SOAK_KILLS filings of $SOAK_FILING_ROWS rows"
hashes_for_tests
# A release serves no page whose files are not there: the tests' folder has the ones that were built.
ln -sfn "$(target_dir)/site/pkg" public/pkg
trap 'rm -f public/pkg' EXIT
cargo nextest run --release --features ssr --profile soak "$@"
