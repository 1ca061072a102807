add_fixture_service(api COMMAND true PORTS http READY HTTP / STATUS 200 103)
