#!/bin/sh
# Sees to it that a PostgreSQL answers on 127.0.0.1:5432 without a password. Installs Debian's where none does.
set -eu

answers() {
    .venv/bin/python -c 'import psycopg; psycopg.connect("postgresql://postgres@127.0.0.1:5432/postgres", connect_timeout=3).close()' 2>/dev/null
}

if answers; then
    echo "== PostgreSQL answers on 127.0.0.1:5432"
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "No PostgreSQL answers for user postgres on 127.0.0.1:5432; start one with trust authentication." >&2
    exit 1
fi
echo "== installing PostgreSQL"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends postgresql
version=$(pg_lsclusters -h | awk '$3 == 5432 {print $1; exit}')
[ -n "$version" ] || { echo "Debian's PostgreSQL made no cluster on port 5432; see pg_lsclusters." >&2; exit 1; }
sed -i 's/^\(host[[:space:]]\+all[[:space:]]\+all[[:space:]]\+127\.0\.0\.1\/32[[:space:]]\+\).*/\1trust/' \
    "/etc/postgresql/$version/main/pg_hba.conf"
pg_ctlcluster "$version" main restart || pg_ctlcluster "$version" main start
tries=0
until answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "PostgreSQL $version did not answer within a minute; see /var/log/postgresql." >&2; exit 1; }
    sleep 1
done
echo "== PostgreSQL $version answers on 127.0.0.1:5432"
