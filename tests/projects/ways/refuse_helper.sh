#!/bin/sh
# A compiler launcher of the project, which must not see the helper's files.
set -eu
case "$*" in
  */helper/*) echo "the project's launcher was used for the helper: $*" >&2; exit 1 ;;
esac
exec "$@"
