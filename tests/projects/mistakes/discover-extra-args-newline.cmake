add_executable(t IMPORTED)
discover_fixture_tests(t FIXTURES api EXTRA_ARGS "a
b")
