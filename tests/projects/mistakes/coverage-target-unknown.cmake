add_library(server STATIC main.cc)
add_fixture_coverage(INSTRUMENT servr)
