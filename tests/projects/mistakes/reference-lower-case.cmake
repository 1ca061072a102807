add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin ENVIRONMENT "URL=http://u:p@@@my_api_host@/")
