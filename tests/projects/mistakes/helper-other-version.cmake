file(WRITE "${CMAKE_BINARY_DIR}/gentle" "#!/bin/sh\necho gentle 0.0.9\n")
file(CHMOD "${CMAKE_BINARY_DIR}/gentle" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(GENTLE_EXECUTABLE "${CMAKE_BINARY_DIR}/gentle")
add_fixture_service(api COMMAND true PORTS http)
