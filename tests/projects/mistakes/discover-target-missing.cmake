discover_fixture_tests(FIXTURES api)
