set(GENTLE_EXECUTABLE /usr/bin)
add_fixture_service(api COMMAND true PORTS http)
