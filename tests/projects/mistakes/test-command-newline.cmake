add_fixture_test(NAME t COMMAND true "a
b" FIXTURES api)
