# What an installed package is: the program, its man page, the CMake functions, and the file that tells
# the functions where the program is, relative to themselves, so that the package may be moved.
include(CMakePackageConfigHelpers)

file(RELATIVE_PATH GENTLE_RELATIVE_BINDIR
  "${CMAKE_INSTALL_PREFIX}/${GENTLE_INSTALL_CMAKEDIR}" "${CMAKE_INSTALL_FULL_BINDIR}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/GentleFixturesInstalled.cmake.in"
  "${PROJECT_BINARY_DIR}/package/GentleFixturesInstalled.cmake" @ONLY)
# The functions and the helper's files are private to one version, and the helper runs on this machine,
# whatever the project is built for.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/GentleFixturesConfigVersion.cmake"
  VERSION "${PROJECT_VERSION}" COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)

install(TARGETS gentle RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/GentleFixtures" DESTINATION "${GENTLE_INSTALL_CMAKEDIR}"
  PATTERN build_progress.sh EXCLUDE) # of builds of the helper, which is there
file(GLOB modules CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/GentleFixtures*.cmake")
install(FILES
  ${modules}
  "${PROJECT_BINARY_DIR}/package/GentleFixturesInstalled.cmake"
  "${PROJECT_BINARY_DIR}/package/GentleFixturesConfigVersion.cmake"
  DESTINATION "${GENTLE_INSTALL_CMAKEDIR}")

# The man page is what the program's --help says, so the program has to run here.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  set(man_page "${PROJECT_BINARY_DIR}/package/gentle.1")
  add_custom_command(OUTPUT "${man_page}"
    COMMAND "${CMAKE_COMMAND}" "-DGENTLE=$<TARGET_FILE:gentle>" "-DEMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR}"
      "-DMAN_PAGE=${man_page}" -P "${PROJECT_SOURCE_DIR}/packaging/man_page.cmake"
    DEPENDS gentle "${PROJECT_SOURCE_DIR}/packaging/man_page.cmake"
    COMMENT "Writing the man page" VERBATIM)
  add_custom_target(man_page ALL DEPENDS "${man_page}")
  install(FILES "${man_page}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/packaging/third-party-licences"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}")
include("${PROJECT_SOURCE_DIR}/packaging/debian/package.cmake")
