add_fixture_service(api COMMAND true LISTEN http=ANY)
