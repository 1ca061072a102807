add_fixture_service(api COMMAND true PORTS http STOP SIGINT 3 SIGTERM)
