discover_fixture_tests(t FIXTURES api)
