# find_package(GentleFixtures CONFIG) of an installed package.
include("${CMAKE_CURRENT_LIST_DIR}/GentleFixtures.cmake")
# So that include(GentleFixtures) is right, wherever the functions come from.
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
list(REMOVE_DUPLICATES CMAKE_MODULE_PATH)
