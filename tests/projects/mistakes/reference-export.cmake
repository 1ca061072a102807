add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin EXPORT "URL=http://@MY_API_HOSTS@")
