# What `cpack` makes of the installed package: a .deb for Debian and its relatives.
# The version is the upstream one with Debian's revision; changelogs and the copyright are Debian's form.
set(GENTLE_DEBIAN_REVISION 1 CACHE STRING "Revision of the Debian package")
set(GENTLE_MAINTAINER "GentleFixtures maintainers <maintainers@gentle-fixtures.invalid>"
  CACHE STRING "Maintainer of the Debian package: Name <address>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gentle-fixtures)
set(CPACK_PACKAGE_CONTACT "${GENTLE_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE "${GENTLE_DEBIAN_REVISION}")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# None, if it could be linked statically (helper/static_linking.cmake).
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "cmake (>= 3.22)")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gcovr (>= 5.2), llvm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "services as fixtures of CTest, with their coverage
CMake functions declare the servers that tests need. CTest starts each
server once, waits until it is ready, gives its address to the tests, and
stops it by SIGINT. What the servers execute is in the coverage report,
even if they crash or are killed.")

find_program(GENTLE_GZIP gzip)
mark_as_advanced(GENTLE_GZIP)
set(CPACK_GENTLE_GZIP "${GENTLE_GZIP}")
set(CPACK_GENTLE_SOURCE "${PROJECT_SOURCE_DIR}")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/install_docs.cmake")
include(CPack)
