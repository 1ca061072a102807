add_fixture_test(COMMAND true FIXTURES api)
