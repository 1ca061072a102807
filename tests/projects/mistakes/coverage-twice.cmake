# main.cc
add_fixture_coverage()
add_fixture_coverage(NAME other)
