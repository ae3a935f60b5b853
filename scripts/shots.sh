#!/usr/bin/env bash
# Photographs every screen, light and dark, wide and narrow: a screen is looked at before it is called done.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
ODR_PORTAL_BIN="$(server_binary)"
[ -x "$ODR_PORTAL_BIN" ] || fail "shots: $ODR_PORTAL_BIN is missing: run make build"
export ODR_PORTAL_BIN PORTAL_SITE_ROOT="$(site_folder)"
cd end2end
npx --no-install playwright test --config looks.config.ts --project shots "$@"
say "shots: see end2end/screenshots"
