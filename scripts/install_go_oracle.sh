#!/bin/sh
# Installs the verifier that nobody here wrote (Go and golang.org/x/mod, from Debian) for tests/contract/test_tlog_go.py.
set -eu

here() {
    command -v go >/dev/null 2>&1 && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]
}

if here; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No apt-get here: install Go, and put golang.org/x/mod under /usr/share/gocode/src (or set CITYLOOP_GOPATH)." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Run as root: apt-get install golang-go golang-golang-x-mod-dev" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends golang-go golang-golang-x-mod-dev
here || { echo "Go is still missing after the installation; see the lines above." >&2; exit 1; }
