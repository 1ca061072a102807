# Services as CTest fixtures: add_fixture_service, add_fixture_test, discover_fixture_tests, attach_fixtures and
# add_fixture_coverage. Each function's reference stands above it, in the files included below.
#
# This file is found in three ways: find_package(GentleFixtures CONFIG) of an installed package,
# FetchContent or add_subdirectory, and include(GentleFixtures) with this folder on CMAKE_MODULE_PATH.
include_guard(GLOBAL)
if(CMAKE_VERSION VERSION_LESS 3.22)
  message(FATAL_ERROR "GentleFixtures needs CMake 3.22 or newer; this is ${CMAKE_VERSION}.")
endif()
# Functions run under the policies that were in force where they were defined: these, whatever the
# project's and CMake's own version are. include() keeps the change within this file.
cmake_policy(VERSION 3.22)

# Two copies in one project, a fetched one and an installed one perhaps, are one if they are of one version.
function(_gentle_read_version)
  include("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/GentleFixturesVersion.cmake")
  get_property(present GLOBAL PROPERTY _GENTLE_VERSION)
  if(present AND NOT present STREQUAL GentleFixtures_VERSION)
    message(FATAL_ERROR "GentleFixtures ${GentleFixtures_VERSION} in ${CMAKE_CURRENT_FUNCTION_LIST_DIR} is included, "
      "but this project uses version ${present} already. Use one of them only.")
  endif()
  set_property(GLOBAL PROPERTY _GENTLE_VERSION "${GentleFixtures_VERSION}")
endfunction()
_gentle_read_version()

include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/arguments.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/testing_enabled.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/helper.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/graph.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/names.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/references.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/required_fixtures.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/reserved_variables.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/ctest_side.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/self.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/ready_kinds.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/service.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/test.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/discover.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/attach.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_switch.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_compiler.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_instrument.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_ctest.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_places.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_java.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures/coverage_languages.cmake")
# Only an installed package has this file: it says where the package's helper is.
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixturesInstalled.cmake" OPTIONAL)
