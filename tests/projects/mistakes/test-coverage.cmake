add_fixture_test(NAME t COMMAND true FIXTURES NONE COVERAGE Python)
