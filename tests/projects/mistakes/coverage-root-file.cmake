# main.cc
add_fixture_coverage(ROOT CMakeLists.txt)
