#!/usr/bin/env bash
# Carries out the Dockerfile's steps by hand in a clean directory, where there is no container engine, and looks at the
# result as the image would hold it: it starts, has its files, and has no demo in it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
say "image-check: the build context as .dockerignore leaves it, in $place"
mkdir "$place/src"
for path in .cargo Cargo.toml Cargo.lock rust-toolchain.toml clippy.toml benches src style public scripts end2end/package.json end2end/package-lock.json; do
  grep -qxF "!$path" .dockerignore || fail "image-check: .dockerignore does not let $path in"
  # Only what is under version control: a file that was never added would be missing in the image too.
  git ls-files -z -- "$path" | xargs -0 -r cp --parents -t "$place/src"
done

say "image-check: scripts/image-build.sh in it (the tools are this machine's: image-tools.sh installs the same versions)"
ln -s "$ROOT/end2end/node_modules" "$place/src/end2end/node_modules"
env -u CARGO_TARGET_DIR -u PORTAL_SITE_ROOT "$place/src/scripts/image-build.sh" "$place/out"

cd "$place/out"
[ -f hash.txt ] || fail "image-check: hash.txt is not beside the executable"
for ending in js wasm css; do
  compgen -G "site/pkg/*.$ending.br" >/dev/null || fail "image-check: no precompressed $ending in site/pkg"
done
./odr-portal --help >/dev/null || fail "image-check: the server does not start"
if ./odr-portal demo --help >/dev/null 2>&1; then fail "image-check: the image has the demo command in it"; fi
for name in banyan.localhost tamarind.localhost; do
  if grep -qa "$name" odr-portal; then fail "image-check: the image has demo data in it ($name)"; fi
done
# As in the image: not root, and nothing configured. It must say in one line which variable it wants.
if line="$(env -i PORTAL_SITE_ROOT=site ./odr-portal serve 2>&1)"; then fail "image-check: it serves without an authority"; fi
grep -q 'PORTAL_AUTHORITY' <<<"$line" || fail "image-check: it does not say what it wants: $line"
ldd odr-portal | awk '{ print "image-check: needs " $1 }'
say "image-check: $(stat -c %s odr-portal) bytes of server, $(du -sb site | cut -f1) bytes of files; no demo in it"
