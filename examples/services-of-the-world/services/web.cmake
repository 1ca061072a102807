add_fixture_service(web
  COMMAND ${PYTHON3} -m http.server @WEB_PORT@ --bind @WEB_HOST@ --directory @WEB_DIR@
  PORTS http
  READY HTTP /)
