add_fixture_service(api COMMAND server PORTS http READY LOG [[listening on port \d+]])
