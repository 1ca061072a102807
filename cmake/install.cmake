# What an installed package is: the program, the CMake functions, and the file that tells the
# functions where the program is, relative to themselves, so that the package may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/GentleFixtures")
file(RELATIVE_PATH GENTLE_RELATIVE_BINDIR
  "${CMAKE_INSTALL_FULL_LIBDIR}/cmake/GentleFixtures" "${CMAKE_INSTALL_FULL_BINDIR}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/GentleFixturesInstalled.cmake.in"
  "${PROJECT_BINARY_DIR}/package/GentleFixturesInstalled.cmake" @ONLY)
# The functions and the helper's files are private to one version, and the helper runs on this machine,
# whatever the project is built for.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/GentleFixturesConfigVersion.cmake"
  VERSION "${PROJECT_VERSION}" COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)

install(TARGETS gentle RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/GentleFixtures" DESTINATION "${package_dir}")
file(GLOB modules CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/GentleFixtures*.cmake")
install(FILES
  ${modules}
  "${PROJECT_BINARY_DIR}/package/GentleFixturesInstalled.cmake"
  "${PROJECT_BINARY_DIR}/package/GentleFixturesConfigVersion.cmake"
  DESTINATION "${package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
