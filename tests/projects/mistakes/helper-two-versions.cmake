file(COPY "${CMAKE_MODULE_PATH}/" DESTINATION "${CMAKE_BINARY_DIR}/other")
file(WRITE "${CMAKE_BINARY_DIR}/other/GentleFixturesVersion.cmake" "set(GentleFixtures_VERSION 0.0.9)")
include("${CMAKE_BINARY_DIR}/other/GentleFixtures.cmake")
