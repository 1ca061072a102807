# main.cc
add_executable(client main.cc)
add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin)
discover_fixture_tests(client FIXTURES my-api EXTRA_ARGS --port=@My-Api_Port@)
