add_fixture_service(api COMMAND true PORTS http STOPP SIGINT 3)
