# Included by ctest behind all other files in TEST_INCLUDE_FILES of such a folder: see attach_tests.cmake.
if(COMMAND _gentle_add_waiting_tests)
  _gentle_add_waiting_tests()
endif()
