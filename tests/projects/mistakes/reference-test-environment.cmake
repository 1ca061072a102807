add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin EXPORT "MY_URL=x")
add_fixture_test(NAME t COMMAND client FIXTURES my-api ENVIRONMENT A=@MY_URL@ B=@my-url@)
