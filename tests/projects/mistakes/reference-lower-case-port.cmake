add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin READY HTTP http://127.0.0.1:@my-api-amdin-port@/)
