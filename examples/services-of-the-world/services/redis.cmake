add_fixture_service(redis
  COMMAND ${REDIS_SERVER} --bind @REDIS_HOST@ --port @REDIS_PORT@ --dir @REDIS_DIR@ --save ""
  PORTS redis
  READY LOG "Ready to accept connections")
