#!/usr/bin/env bash
# Every visitor downloads the WASM before the page is alive: its size is a promise, so going over it fails the build.
# Whole portal, now and later: 300 KB with brotli.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

BUDGET_BYTES=$((300 * 1000))
site="$(site_folder)"
shopt -s nullglob
files=("$site"/pkg/*.wasm)
[ ${#files[@]} -gt 0 ] || fail "wasm-budget: no WASM in $site/pkg: run make build"

total=0
printf '%-44s %10s %10s %10s\n' 'bytes of' raw gzip brotli
for file in "${files[@]}"; do
  raw=$(stat -c %s "$file")
  gzip=$(gzip -9 -c "$file" | wc -c)
  brotli=$(brotli -q 11 -c "$file" | wc -c)
  total=$((total + brotli))
  printf '%-44s %10d %10d %10d\n' "${file##*/}" "$raw" "$gzip" "$brotli"
done
[ "$total" -le "$BUDGET_BYTES" ] || fail "wasm-budget: $total bytes with brotli, over the budget of $BUDGET_BYTES"
echo "wasm-budget: $total of $BUDGET_BYTES bytes"
