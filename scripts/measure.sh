#!/usr/bin/env bash
# What pages and exports cost with institutions' servers that answer after 5, 50 and 500 ms: one Markdown table, so that a figure
# in a report can be had again by anybody. ODR_PORTAL_BIN chooses another build than the release one; arguments go to the demo.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
ODR_PORTAL_BIN="$(server_binary)"
[ -x "$ODR_PORTAL_BIN" ] || fail "measure: $ODR_PORTAL_BIN is missing: run make build"
export ODR_PORTAL_BIN PORTAL_SITE_ROOT="$(site_folder)" ODR_MEASURE_DEMO="${*:-}"
cd end2end
exec npx --no-install playwright test --config measure.config.ts
