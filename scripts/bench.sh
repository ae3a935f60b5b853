#!/usr/bin/env bash
# Micro-benchmarks: registry lookup, swap and delta sync. Arguments go to criterion (make bench ARGS=lookup).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
exec cargo bench --features ssr --benches -- "$@"
