add_library(lib STATIC main.cc)
add_fixture_coverage(INSTRUMENTS lib)
