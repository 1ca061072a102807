add_fixture_service(api COMMAND server PORTS http READY LOG "(?:ready|up)")
