# main.cc
add_fixture_coverage(ROOT no/such/folder)
