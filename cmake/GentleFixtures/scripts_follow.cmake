# Included by ctest before the other files in TEST_INCLUDE_FILES of a folder that has a script of the user's there: see
# attach_tests.cmake.
if(_gentle_has_services AND COMMAND _gentle_add_waiting_tests)
  set_property(GLOBAL PROPERTY _GENTLE_SCRIPTS_FOLLOW TRUE)
endif()
