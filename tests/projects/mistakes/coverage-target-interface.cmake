# main.cc
add_library(headers INTERFACE)
add_fixture_coverage(INSTRUMENT headers)
