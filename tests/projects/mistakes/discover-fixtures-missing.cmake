add_executable(t IMPORTED)
discover_fixture_tests(t)
