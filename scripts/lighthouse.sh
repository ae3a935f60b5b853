#!/usr/bin/env bash
# Lighthouse's mobile preset over sign-in and case list, so that a figure in a report can be had again by anybody.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
ODR_PORTAL_BIN="$(server_binary)"
[ -x "$ODR_PORTAL_BIN" ] || fail "lighthouse: $ODR_PORTAL_BIN is missing: run make build"
export ODR_PORTAL_BIN PORTAL_SITE_ROOT="$(site_folder)"
cd end2end
exec npx --no-install playwright test --config looks.config.ts --project lighthouse "$@"
