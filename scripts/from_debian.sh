#!/bin/sh
# Installs packages of Debian that tests need: sh scripts/from_debian.sh "the tests of …" PACKAGE...
set -eu
for_what=$1
shift
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No apt-get here: install what Debian calls $* for $for_what, and put it into the PATH." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Run as root: apt-get install $*" >&2
    exit 1
fi
echo "== installing $* for $for_what"
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
