add_fixture_test(NAME "" COMMAND true FIXTURES api)
