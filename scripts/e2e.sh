#!/usr/bin/env bash
# The browser tests against the build that ships: every spec with JavaScript, those tagged @nojs once more without.
# Starts the demo itself, on a free port. Arguments go to Playwright.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
ODR_PORTAL_BIN="$(server_binary)"
[ -x "$ODR_PORTAL_BIN" ] || fail "e2e: $ODR_PORTAL_BIN is missing: run make build"
export ODR_PORTAL_BIN PORTAL_SITE_ROOT="$(site_folder)"
cd end2end
exec npx --no-install playwright test "$@"
