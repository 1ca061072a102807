# main.cc
add_library(given STATIC IMPORTED)
add_fixture_coverage(INSTRUMENT given)
