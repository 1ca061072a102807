# main.cc
add_fixture_coverage(FAIL_UNDER_LINE 80%)
