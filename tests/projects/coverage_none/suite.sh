# suite.sh <server>: starts it, waits until it serves, kills it.
mkfifo ready || exit 1
"$1" ready &
read -r _ <ready
kill -9 $!
wait $!
test $? -eq 137 && rm ready
