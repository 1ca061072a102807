# Whether the project wants tests at all, and whether ctest will find those that it declares.

# With BUILD_TESTING off a public function is left at once: no helper, no test, no flag, no check.
macro(_gentle_return_without_testing)
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    return()
  endif()
endmacro()

# CMake writes the tests of a folder only if enable_testing() was called there, or in a folder above it
# before add_subdirectory(). ctest comes from the top level down, so that each folder on the way counts.
# CMake itself looks at this variable when it generates.
function(_gentle_warn_without_testing)
  get_property(folders GLOBAL PROPERTY _GENTLE_TEST_FOLDERS)
  list(REMOVE_DUPLICATES folders)
  set(unseen "")
  foreach(folder IN LISTS folders)
    while(NOT "${folder}" STREQUAL "")
      get_property(source DIRECTORY "${folder}" PROPERTY SOURCE_DIR)
      get_directory_property(enabled DIRECTORY "${folder}" DEFINITION CMAKE_TESTING_ENABLED)
      if(NOT enabled)
        list(APPEND unseen "${source}/CMakeLists.txt")
      endif()
      get_directory_property(folder DIRECTORY "${folder}" PARENT_DIRECTORY)
    endwhile()
  endforeach()
  get_property(warned GLOBAL PROPERTY _GENTLE_TESTING_WARNED)
  if("${unseen}" STREQUAL "" OR warned)
    return()
  endif()
  set_property(GLOBAL PROPERTY _GENTLE_TESTING_WARNED TRUE)
  list(REMOVE_DUPLICATES unseen)
  list(JOIN unseen "\n  " unseen)
  message(WARNING "GentleFixtures: ctest will not find the tests that are declared in\n  ${unseen}\n"
    "because testing is not enabled there. Add the line\n  include(CTest)\nto ${CMAKE_SOURCE_DIR}/CMakeLists.txt, "
    "after project() and before add_subdirectory(). If no tests are wanted, set BUILD_TESTING to OFF.")
endfunction()
