add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin)
add_fixture_service(db COMMAND db PORTS sql)
add_fixture_test(NAME t COMMAND client FIXTURES my-api WORKING_DIRECTORY @DB_DIR@)
