add_executable(t IMPORTED)
discover_fixture_tests(t FIXTURES api PROPERTIES LABELS)
