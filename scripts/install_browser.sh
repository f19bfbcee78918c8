#!/bin/sh
# Debian's Chromium and a font with Chinese letters, which the tests of the pages drive; nothing if they are there.
set -eu
if ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -qi "noto.*cjk"; then
  echo "== installing Debian's chromium and fonts-noto-cjk for the tests of the pages"
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; }
fi
