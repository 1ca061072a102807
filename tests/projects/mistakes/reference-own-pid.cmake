add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin WORKING_DIRECTORY /run/@MY_API_PID@ EXPORT WHO=@MY_API_PID@)
