add_fixture_service(api COMMAND true PORTS http)
add_fixture_test(NAME t COMMAND true @SELF_PORT@ FIXTURES api)
