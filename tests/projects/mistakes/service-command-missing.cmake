add_fixture_service(api PORTS http)
