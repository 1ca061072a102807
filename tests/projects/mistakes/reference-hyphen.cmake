add_fixture_service(my-api COMMAND server --port @MY-API_PORT@ PORTS http)
