add_fixture_service(api COMMAND true PORTS 8080)
