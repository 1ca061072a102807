add_fixture_service(api COMMAND true "one
two" PORTS http)
