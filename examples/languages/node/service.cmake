# The program is unchanged, and so are the workers that it forks: COVERAGE node is all.
add_fixture_service(node-server
  COMMAND ${NODE} "${CMAKE_CURRENT_LIST_DIR}/server.js" @SELF_PORT@
  PORTS http
  READY LOG "^listens" TIMES 2
  EXPORT SERVER_PORT=@SELF_PORT@ SERVER_PID=@SELF_PID@
  COVERAGE node)
