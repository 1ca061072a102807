add_fixture_service(nats
  COMMAND ${NATS_SERVER} --addr @NATS_HOST@ --port @NATS_PORT@ --http_port @NATS_MONITOR_PORT@
    --jetstream --store_dir @NATS_DIR@
  PORTS nats monitor
  READY HTTP http://@NATS_HOST@:@NATS_MONITOR_PORT@/healthz)
