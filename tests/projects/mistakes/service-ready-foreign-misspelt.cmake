add_fixture_service(api COMMAND true PORTS http READY TCP http FORIEGN)
