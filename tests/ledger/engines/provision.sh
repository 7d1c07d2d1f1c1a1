#!/usr/bin/env bash
# Installs Debian's PostgreSQL, for the ledger's tests, unless there is one. It starts no server. Root or sudo; twice is the same as once.
set -euo pipefail

CLUSTERS=/etc/postgresql-common/createcluster.conf

main() {
  if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then return; fi # tests/support/postgres.py looks there
  [ "$(id -u)" = 0 ] || exec sudo -n "$0"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
  # the tests make servers of their own
  sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' "$CLUSTERS"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
}

main "$@"
