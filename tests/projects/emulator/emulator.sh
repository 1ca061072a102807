#!/bin/sh
# emulator.sh -L <root> <program> [<arg>...]: runs the program and lets it know by whom it was run.
set -eu
[ "$1" = -L ]
EMULATED_ROOT="$2"
export EMULATED_ROOT
shift 2
exec "$@"
