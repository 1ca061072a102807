# main.cc
add_fixture_coverage(FORMATS html EXCLUD x)
