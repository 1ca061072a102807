add_executable(t IMPORTED)
discover_fixture_tests(t EXTRA_ARGS --verbose FIXTURE api)
