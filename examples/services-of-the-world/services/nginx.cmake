add_fixture_service(nginx
  COMMAND ${NOT_ROOT} ${CMAKE_CURRENT_SOURCE_DIR}/services/start-nginx ${NGINX}
  PORTS http
  READY HTTP /health
  STOP SIGQUIT 10 SIGTERM 5)
