add_fixture_service(api COMMAND true PORT http)
