#!/usr/bin/env bash
# Benchmarks: the registry's lookup, swap and delta, and what a request costs. ARGS choose: make bench ARGS='--bench requests',
# make bench ARGS='--bench registry -- lookup' (what follows the second -- goes to criterion).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
hashes_for_tests
if [ $# = 0 ]; then set -- --benches; fi
exec cargo bench --features ssr "$@"
