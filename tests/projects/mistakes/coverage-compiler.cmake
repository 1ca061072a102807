# main.cc
set(CMAKE_CXX_COMPILER_ID IntelLLVM)
add_fixture_coverage()
