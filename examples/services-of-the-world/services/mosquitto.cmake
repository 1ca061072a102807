add_fixture_service(mosquitto
  COMMAND ${NOT_ROOT} ${MOSQUITTO} -p @MOSQUITTO_PORT@
  PORTS mqtt
  READY NOTIFY)
