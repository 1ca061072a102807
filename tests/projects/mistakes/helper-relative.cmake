set(GENTLE_EXECUTABLE bin/gentle)
add_fixture_service(api COMMAND true PORTS http)
