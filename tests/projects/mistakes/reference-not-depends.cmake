add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin)
add_fixture_service(web COMMAND web PORTS http ENVIRONMENT API=@MY_API_ADMIN_PORT@)
