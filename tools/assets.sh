#!/bin/sh
# Copies typeface, icons and axe-core from npm into the repository (node is needed; nothing else here is).
set -eu
cd "$(dirname "$0")/assets"
npm ci --silent
node build.mjs
