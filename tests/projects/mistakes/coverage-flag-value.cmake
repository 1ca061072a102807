# main.cc
add_fixture_coverage(APPEND ON)
