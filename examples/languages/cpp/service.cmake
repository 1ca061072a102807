# INSTRUMENT of add_fixture_coverage names the target, and that is all.
add_executable(cpp_server "${CMAKE_CURRENT_LIST_DIR}/server.cc")
add_fixture_service(cpp-server
  COMMAND cpp_server @SELF_PORT@
  PORTS http
  READY HTTP /steps/1
  EXPORT SERVER_PORT=@SELF_PORT@ SERVER_PID=@SELF_PID@)
