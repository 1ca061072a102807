add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin)
add_fixture_test(NAME t COMMAND client "--url=http://@MY_API_HOST@:@MY_API_PROT@/" FIXTURES my-api)
