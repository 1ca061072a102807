# main.cc
set(GENTLE_GCOVR "${CMAKE_BINARY_DIR}/gcovr")
file(WRITE "${GENTLE_GCOVR}" "#!/usr/bin/env python3\n")
add_fixture_coverage(EXCLUDE [=[*.pb.cc]=])
