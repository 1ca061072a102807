# The compiler's -C instrument-coverage is all. Debian 12's rustc has no runtime for it; its rustc-web has.
execute_process(COMMAND ${RUSTC} --print target-libdir
  OUTPUT_VARIABLE libraries OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(GLOB runtime "${libraries}/libprofiler_builtins-*")
if(NOT libraries OR NOT runtime)
  set(missing "a rustc with the runtime of -C instrument-coverage")
  return()
endif()

add_custom_command(OUTPUT rust_server
  DEPENDS "${CMAKE_CURRENT_LIST_DIR}/server.rs"
  COMMAND ${RUSTC} --edition 2021 -g -C instrument-coverage -o rust_server "${CMAKE_CURRENT_LIST_DIR}/server.rs" VERBATIM)
add_custom_target(build_rust_server ALL DEPENDS rust_server)
add_fixture_service(rust-server
  COMMAND "${CMAKE_CURRENT_BINARY_DIR}/rust_server" @SELF_PORT@
  PORTS http
  READY HTTP /steps/1
  EXPORT SERVER_PORT=@SELF_PORT@ SERVER_PID=@SELF_PID@)
