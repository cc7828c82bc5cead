#!/bin/sh
# Make tests/fixtures/demo-VERSION.zip: the demo of a release as a backup, under the key that the tests use. Run once
# when a version is tagged, from a clean checkout of it; every later migration is tested on it. Never make it again.
set -eu
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
SELARAS_VAR=$(mktemp -d)
export SELARAS_VAR
trap 'rm -rf "$SELARAS_VAR"' EXIT
umask 077
cat >"$SELARAS_VAR/demo-secrets.json" <<'SECRETS'
{"SELARAS_SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests-",
 "SELARAS_DATA_KEY": "1:dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3Qtdnc="}
SECRETS
.venv/bin/selaras demo --no-serve
mkdir -p -m 755 tests/fixtures
.venv/bin/selaras backup "tests/fixtures/demo-$version.zip"
chmod 644 "tests/fixtures/demo-$version.zip"
