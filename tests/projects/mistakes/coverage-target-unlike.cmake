add_library(store STATIC main.cc)
add_executable(server main.cc)
add_custom_target(pages)
add_fixture_coverage(INSTRUMENT something_else_altogether)
