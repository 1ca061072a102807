add_fixture_test(NAME t COMMAND true FIXTURE api)
