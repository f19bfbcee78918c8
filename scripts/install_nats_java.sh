#!/bin/sh
# Debian's NATS server and Java, over which the tests of what is outgrown judge observations; nothing if they are there.
set -eu
missing=""
command -v nats-server >/dev/null || missing="nats-server"
command -v java >/dev/null || missing="$missing openjdk-17-jre-headless"
if [ -n "$missing" ]; then
  echo "== installing $missing for the tests of what is outgrown"
  apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null; }
fi
