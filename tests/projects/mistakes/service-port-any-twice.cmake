add_fixture_service(api COMMAND true PORTS http=ANY admin=ANY)
