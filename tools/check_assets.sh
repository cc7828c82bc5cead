#!/bin/sh
# What browsers load is what tools/assets/build.mjs makes of the pinned packages. Without node only the hashes are held.
set -eu
cd "$(dirname "$0")/.."
sha256sum --quiet --check tools/assets/SHA256SUMS
if ! command -v npm >/dev/null 2>&1; then
  echo "node tidak ada: isi berkas dibandingkan dengan SHA256SUMS saja"
  exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
(cd tools/assets && npm ci --silent && node build.mjs "$fresh")
diff "$fresh/tools/assets/SHA256SUMS" tools/assets/SHA256SUMS
