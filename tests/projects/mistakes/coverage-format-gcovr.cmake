# main.cc
file(WRITE "${CMAKE_BINARY_DIR}/gcovr" "#!/bin/sh\necho gcovr 5.2\n")
file(CHMOD "${CMAKE_BINARY_DIR}/gcovr" PERMISSIONS OWNER_READ OWNER_EXECUTE)
set(GENTLE_GCOVR "${CMAKE_BINARY_DIR}/gcovr")
add_fixture_coverage(FORMATS html clover)
