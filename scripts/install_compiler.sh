#!/bin/sh
# Installs a C compiler (from Debian) for the tests of faults: bench/faults/machine.c is built on the machine that it runs on.
set -eu
here() {
    printf '#include <stdio.h>\nint main(void) { return 0; }\n' | cc -x c -o /dev/null - 2>/dev/null
}

here || sh "$(dirname "$0")/from_debian.sh" "the tests of faults" gcc libc6-dev
here || { echo "A C compiler is still missing after the installation; see the lines above." >&2; exit 1; }
