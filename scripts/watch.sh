#!/usr/bin/env bash
# For working on the portal: rebuilds on every change and reloads the browser; the binary runs the demo by itself here.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
exec cargo leptos watch "$@"
