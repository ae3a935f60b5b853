#!/usr/bin/env bash
# Runs the demo that build.sh has built. Arguments go to `odr-portal demo` (make demo ARGS='--cases 500').
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
exec "$(server_binary)" demo --site-root "$(site_folder)" "$@"
