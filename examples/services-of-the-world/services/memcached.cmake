add_fixture_service(memcached
  COMMAND ${MEMCACHED} -l @MEMCACHED_HOST@ -p @MEMCACHED_PORT@ -u nobody
  PORTS memcached)
