# main.cc
add_fixture_coverage(FAIL_UNDER_BRANCH 100.1)
