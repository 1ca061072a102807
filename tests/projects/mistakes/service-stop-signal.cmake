add_fixture_service(api COMMAND true PORTS http STOP SIGTREM 3)
