add_fixture_service(api COMMAND true PORTS a PORTS b)
