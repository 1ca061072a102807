add_fixture_service(self COMMAND true PORTS http)
