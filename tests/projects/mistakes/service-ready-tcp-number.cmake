add_fixture_service(api COMMAND true READY TCP 8080)
