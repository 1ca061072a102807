# main.cc
add_fixture_coverage(FILTER [=[src/(a|b]=])
