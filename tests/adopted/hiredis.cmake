# Its one test is a script that starts redis itself.
find_package(GentleFixtures CONFIG REQUIRED)
attach_fixtures(FIXTURES NONE TESTS hiredis-test)
add_fixture_coverage(INSTRUMENT hiredis)
