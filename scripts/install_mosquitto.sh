#!/bin/sh
# Installs the broker and its shell client (Mosquitto, from Debian) for tests/contract/test_mqtt.py.
set -eu

here() {
    (command -v mosquitto || [ -x /usr/sbin/mosquitto ]) >/dev/null 2>&1 && command -v mosquitto_pub >/dev/null 2>&1
}

here || sh "$(dirname "$0")/from_debian.sh" "the tests of MQTT" mosquitto mosquitto-clients
here || { echo "Mosquitto is still missing after the installation; see the lines above." >&2; exit 1; }
