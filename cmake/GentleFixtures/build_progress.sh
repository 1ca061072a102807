#!/bin/sh
# Copies the output of a build from standard input to the end of the log $1, and prints how far it is, a dozen
# times at most. Ninja's lines begin with [12/60], make's with [ 20%].
exec 3>>"$1"
shown=0
while IFS= read -r line; do
  printf '%s\n' "$line" >&3
  case $line in
    '['*'] Building '* | '['*'] Linking '*) ;;
    *) continue ;;
  esac
  step=${line#?}
  step=${step%%]*}
  case $step in
    *%) percent=${step%?} text=${step##* } ;;
    */*) percent=$((${step%/*} * 100 / ${step#*/})) text="${step%/*} of ${step#*/}" ;;
    *) continue ;;
  esac
  if [ "$shown" -eq 0 ] || [ "$((percent - shown))" -ge 10 ]; then
    shown=$((percent > 0 ? percent : 1))
    echo "-- GentleFixtures: building the helper: $text"
  fi
done
