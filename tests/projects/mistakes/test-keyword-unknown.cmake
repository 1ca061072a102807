add_fixture_test(NAME t COMAND true FIXTURES api)
