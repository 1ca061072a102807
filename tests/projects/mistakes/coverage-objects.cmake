# main.cc
add_fixture_coverage(OBJECTS "")
