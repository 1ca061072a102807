# main.cc
add_fixture_coverage(NAME "a b")
