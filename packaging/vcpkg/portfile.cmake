# An overlay port: vcpkg install gentle-fixtures --overlay-ports=<checkout>/packaging/vcpkg
# It builds the checkout that it is in.
set(VCPKG_BUILD_TYPE release) # a program for the machine that builds, and text
set(VCPKG_POLICY_EMPTY_INCLUDE_FOLDER enabled)
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

# In vcpkg's places from the beginning: the functions and the program find each other by a relative path.
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    -DBUILD_TESTING=OFF
    "-DCMAKE_INSTALL_BINDIR=tools/${PORT}"
    -DGENTLE_INSTALL_CMAKEDIR=share/gentlefixtures)
vcpkg_cmake_install()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc" "${CURRENT_PACKAGES_DIR}/share/man")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE" "${SOURCE_PATH}/packaging/third-party-licences")
