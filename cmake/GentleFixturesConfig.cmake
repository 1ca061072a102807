# find_package(GentleFixtures CONFIG) of an installed package.
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures.cmake")
