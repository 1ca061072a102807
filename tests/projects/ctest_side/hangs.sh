# Runs until it is told to end, and says by what.
sleep 1000 &
trap 'kill $!; echo "got INT"; exit 1' INT
trap 'kill $!; echo "got USR1"; exit 1' USR1
wait
