add_fixture_service(api COMMAND echo hello SHELL PORTS http)
