# main.cc
add_fixture_coverage(TITLE " ")
