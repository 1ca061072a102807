# needs.sh <variable>...: fails unless each is set, or, without any, if one of a service is.
for name; do
  eval "test -n \"\$$name\"" || { echo "$name is not set"; exit 1; }
done
test $# -gt 0 || ! env | grep '^\(API\|DB\|SPEAKS\)_'
