for word; do printf '<%s>' "$word"; done
test -n "$API_PORT"
