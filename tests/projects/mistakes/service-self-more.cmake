add_fixture_service(self-test COMMAND true PORTS http)
