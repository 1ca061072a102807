add_fixture_service(api COMMAND true PORTS a-b LISTEN a_b)
