# `go build -cover` is all.
execute_process(COMMAND ${GO} env GOVERSION OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT version MATCHES "^go(.*)$" OR CMAKE_MATCH_1 VERSION_LESS 1.20)
  set(missing "Go 1.20 or newer, which has go build -cover")
  return()
endif()

add_custom_target(go_server ALL
  COMMAND ${GO} build -cover -o "${CMAKE_CURRENT_BINARY_DIR}/go_server"
  WORKING_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}" VERBATIM)
add_fixture_service(go-server
  COMMAND "${CMAKE_CURRENT_BINARY_DIR}/go_server" 127.0.0.1:@SELF_PORT@
  PORTS http
  READY HTTP /steps/1
  EXPORT SERVER_PORT=@SELF_PORT@ SERVER_PID=@SELF_PID@)
