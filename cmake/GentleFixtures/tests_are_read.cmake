# Included by ctest behind all other files in TEST_INCLUDE_FILES of a folder: see attach_tests.cmake.
set_property(GLOBAL PROPERTY _GENTLE_READS_INCLUDED FALSE)
if(COMMAND _gentle_add_waiting_tests)
  _gentle_add_waiting_tests()
endif()
