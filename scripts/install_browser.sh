#!/bin/sh
# Debian's Chromium and a font with Chinese letters, which the tests of the pages drive; nothing if they are there.
set -eu
if ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -qi "noto.*cjk"; then
  sh "$(dirname "$0")/from_debian.sh" "the tests of the pages" chromium fonts-noto-cjk fontconfig
fi
