#!/bin/sh
# Installs the verifier that nobody here wrote (Go and golang.org/x/mod, from Debian) for tests/contract/test_tlog_go.py.
# Elsewhere: install Go, and put golang.org/x/mod under /usr/share/gocode/src (or set CITYLOOP_GOPATH).
set -eu

here() {
    command -v go >/dev/null 2>&1 && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]
}

here || sh "$(dirname "$0")/from_debian.sh" "the verifier that nobody here wrote" golang-go golang-golang-x-mod-dev
here || { echo "Go is still missing after the installation; see the lines above." >&2; exit 1; }
