add_fixture_test(NAME t COMMAND true FIXTURES api TIMOUT 5)
