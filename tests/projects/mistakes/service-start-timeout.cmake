add_fixture_service(api COMMAND true PORTS http START_TIMEOUT 5s)
