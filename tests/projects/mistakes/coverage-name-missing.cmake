# main.cc
add_fixture_coverage(APPEND NAME)
