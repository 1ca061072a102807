add_fixture_service(memcached
  COMMAND ${NOT_ROOT} ${MEMCACHED} -l @MEMCACHED_HOST@ -p @MEMCACHED_PORT@
  PORTS memcached)
