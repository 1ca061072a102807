add_executable(t IMPORTED)
discover_fixture_tests(t FIXTURES api DISCOVERY_MODE PRETEST)
