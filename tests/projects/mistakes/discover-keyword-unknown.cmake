add_executable(t IMPORTED)
discover_fixture_tests(t TEST_PREFIX a. NO_PRETY_TYPES FIXTURES api)
