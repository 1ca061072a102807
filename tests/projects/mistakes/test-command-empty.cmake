add_fixture_test(NAME t COMMAND "" FIXTURES api)
