#!/bin/sh
# Installs the broker and its shell client (Mosquitto, from Debian) for tests/contract/test_mqtt.py.
set -eu

here() {
    (command -v mosquitto || [ -x /usr/sbin/mosquitto ]) >/dev/null 2>&1 && command -v mosquitto_pub >/dev/null 2>&1
}

if here; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No apt-get here: install Mosquitto, and put mosquitto and mosquitto_pub into the PATH." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Run as root: apt-get install mosquitto mosquitto-clients" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends mosquitto mosquitto-clients
here || { echo "Mosquitto is still missing after the installation; see the lines above." >&2; exit 1; }
