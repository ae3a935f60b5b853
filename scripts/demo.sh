#!/usr/bin/env bash
# Runs the demo that build.sh has built. Arguments go to `odr-portal demo` (make demo ARGS='--cases 500').
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# The server reads the hashed names of its files beside its executable, as in production.
LEPTOS_HASH_FILES=true PORTAL_SITE_ROOT="$(site_folder)" exec "$(server_binary)" demo "$@"
