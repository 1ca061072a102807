add_fixture_test(NAME t FIXTURES api)
