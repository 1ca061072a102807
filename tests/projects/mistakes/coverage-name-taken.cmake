add_executable(coverage main.cc)
add_fixture_coverage()
