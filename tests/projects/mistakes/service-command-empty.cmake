add_fixture_service(api COMMAND "" PORTS http)
