add_fixture_service(postgres COMMAND true PORTS sql)
add_fixture_test(NAME t COMMAND true FIXTURES postgers)
