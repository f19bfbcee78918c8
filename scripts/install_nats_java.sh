#!/bin/sh
# Debian's NATS server and Java, over which the tests of what is outgrown judge observations; nothing if they are there.
set -eu
missing=""
command -v nats-server >/dev/null || missing="nats-server"
command -v java >/dev/null || missing="$missing openjdk-17-jre-headless"
[ -z "$missing" ] || sh "$(dirname "$0")/from_debian.sh" "the tests of what is outgrown" $missing
