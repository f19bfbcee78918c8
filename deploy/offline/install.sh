#!/bin/sh
# Installs or upgrades Cityloop from this folder, without a network. What the city has is kept; before an upgrade a backup is made.
#
#   sh install.sh --fingerprint HEX     the first time: the fingerprint of the signing key, as its maker told it on another way
#   sh install.sh                       later, from another stick: the same key is expected
#   sh install.sh --back                go back to the version before
#
# --prefix DIR (/opt/cityloop)   --home DIR (/var/lib/cityloop)   --backup DIR (HOME/../cityloop-backup)   --no-service
set -eu
PREFIX=/opt/cityloop HOME_DIR=/var/lib/cityloop BACKUP= FINGERPRINT= SERVICE=yes BACK=no
while [ $# -gt 0 ]; do
  case "$1" in
    --prefix) PREFIX=$2; shift ;;
    --home) HOME_DIR=$2; shift ;;
    --backup) BACKUP=$2; shift ;;
    --fingerprint) FINGERPRINT=$2; shift ;;
    --no-service) SERVICE=no ;;
    --back) BACK=yes ;;
    *) echo "install.sh does not know $1; its first lines say what it takes" >&2; exit 2 ;;
  esac
  shift
done
HERE=$(cd "$(dirname "$0")" && pwd)
BACKUP=${BACKUP:-$(dirname "$HOME_DIR")/cityloop-backup}
say() { echo "$*"; }
fail() { echo "$*" >&2; exit 1; }

switch() { # the link changes in one step
  ln -sfn "$1" "$PREFIX/current.new"
  mv -T "$PREFIX/current.new" "$PREFIX/current"
}

renew() { # nobody is refused meanwhile
  [ "$SERVICE" = yes ] || return 0
  if systemctl is-active --quiet cityloop; then systemctl reload cityloop; fi
}

if [ "$BACK" = yes ]; then
  [ -L "$PREFIX/previous" ] || fail "There is no version before this one in $PREFIX."
  NOW=$(readlink "$PREFIX/current") OLD=$(readlink "$PREFIX/previous")
  "$PREFIX/$OLD/bin/python" -m cityloop --version >/dev/null || fail "$PREFIX/$OLD does not start; nothing was changed."
  switch "$OLD"
  ln -sfn "$NOW" "$PREFIX/previous"
  renew
  say "Version $OLD is current again. If it refuses tables that $NOW has changed, restore the backup made before the upgrade:"
  say "  $PREFIX/current/bin/cityloop backup restore $BACKUP --home AN_EMPTY_FOLDER"
  exit 0
fi

# 1. who made it, and is it whole
command -v openssl >/dev/null || fail "openssl is needed to check the signature."
FOUND=$(sha256sum <"$HERE/key.pub" | cut -d' ' -f1)
if [ -f "$PREFIX/key.pub" ]; then
  cmp -s "$HERE/key.pub" "$PREFIX/key.pub" || fail "This was signed with another key than what is installed. Ask its maker before you go on."
else
  [ -n "$FINGERPRINT" ] || fail "Give --fingerprint, as the maker told it; the key in this folder has $FOUND."
  [ "$FINGERPRINT" = "$FOUND" ] || fail "The key in this folder has fingerprint $FOUND, not $FINGERPRINT. Do not install it."
fi
openssl pkeyutl -verify -rawin -pubin -inkey "$HERE/key.pub" -in "$HERE/SHA256SUMS" -sigfile "$HERE/SHA256SUMS.sig" >/dev/null 2>&1 ||
  fail "The signature over SHA256SUMS is not by this key. Do not install it."
(cd "$HERE" && sha256sum --check --quiet --strict SHA256SUMS) || fail "A file differs from its sum; copy the file again."
say "Signature and sums are right."

# 2. the program, in a folder of its own
VERSION=$(cat "$HERE/VERSION") PYTHON=$(cat "$HERE/PYTHON") EXTRAS=$(cat "$HERE/EXTRAS")
command -v "python$PYTHON" >/dev/null || fail "Python $PYTHON is needed, with its venv; the operating system's own disc has it."
TARGET="$PREFIX/$VERSION"
mkdir -p "$PREFIX"
[ ! -e "$TARGET" ] || [ "$(readlink "$PREFIX/current" 2>/dev/null)" != "$VERSION" ] || fail "Version $VERSION is current already."
rm -rf "$TARGET"
"python$PYTHON" -m venv "$TARGET"
WHEEL=$(ls "$HERE"/wheels/cityloop-*.whl)
"$TARGET/bin/python" -m pip install --quiet --disable-pip-version-check --isolated --no-index --no-compile \
  --find-links "$HERE/wheels" "$WHEEL${EXTRAS:+[$EXTRAS]}"
"$TARGET/bin/python" -m compileall -q "$TARGET/lib" >/dev/null || true
"$TARGET/bin/python" -m cityloop --version

# 3. a backup before anything changes
[ ! -f /etc/cityloop/settings ] || { set -a; . /etc/cityloop/settings; set +a; }
export CITYLOOP_HOME="${CITYLOOP_HOME:-$HOME_DIR}"
OLD=$(readlink "$PREFIX/current" 2>/dev/null || true)
if [ -n "$OLD" ] && [ -d "$CITYLOOP_HOME/keys" ]; then
  say "A backup goes to $BACKUP first."
  "$PREFIX/$OLD/bin/python" -m cityloop backup make --to "$BACKUP" || fail "The backup failed, so nothing was changed; version $OLD goes on."
fi

# 4. the switch
cp "$HERE/key.pub" "$PREFIX/key.pub"
[ -z "$OLD" ] || ln -sfn "$OLD" "$PREFIX/previous"
switch "$VERSION"
if [ "$SERVICE" = yes ]; then
  id cityloop >/dev/null 2>&1 || useradd --system --home-dir "$HOME_DIR" --shell /usr/sbin/nologin cityloop
  install -d -o cityloop -g cityloop -m 0750 "$HOME_DIR" "$BACKUP"
  install -d -m 0755 /etc/cityloop
  [ -f /etc/cityloop/settings ] || install -m 0640 -g cityloop "$HERE/systemd/settings" /etc/cityloop/settings
  install -m 0644 "$HERE"/systemd/*.service "$HERE"/systemd/*.socket "$HERE"/systemd/*.timer /etc/systemd/system/
  systemctl daemon-reload
  renew
fi
say "Version $VERSION is current${OLD:+, version $OLD is kept: sh install.sh --back}."
[ "$SERVICE" = no ] || say "Start it once: systemctl enable --now cityloop.socket cityloop cityloop-backup.timer"
