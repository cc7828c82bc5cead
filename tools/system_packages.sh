#!/bin/sh
# PostgreSQL, Chromium and Java for the tests, from Debian. Installs what is missing where it may; elsewhere it
# prints the command and stops: nothing is skipped silently.
set -eu
missing=""
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
  echo "Pengujian memerlukan paket sistem. Jalankan lalu ulangi / the tests need system packages, run:" >&2
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends -y$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# The package would start a cluster of its own on 5432; the tests make theirs in a temporary folder.
mkdir -p /etc/postgresql-common
grep -qs '^create_main_cluster' /etc/postgresql-common/createcluster.conf \
  || echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf
apt-get update -q
# shellcheck disable=SC2086  (a list of words on purpose)
apt-get install --no-install-recommends -y -q $missing
