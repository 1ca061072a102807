add_fixture_service(rust COMMAND server PORTS http)
