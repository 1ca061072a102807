# main.cc
set(CMAKE_CXX_COMPILER_VERSION 99.1.0)
add_fixture_coverage()
