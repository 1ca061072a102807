# A test that ends in the way of its argument. Its service logs what the expressions of the tests look for.
if [ -n "$NOISE_LOG" ]; then echo MATCH >>"$NOISE_LOG"; fi
case $1 in
  fails) exit 1 ;;
  says) echo MATCH ;;
  says_and_fails) echo MATCH; exit 1 ;;
  crashes) kill -9 $$ ;;
esac
