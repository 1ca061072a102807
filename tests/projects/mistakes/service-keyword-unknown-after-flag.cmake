add_fixture_service(api COMMAND true SHELL REDY EXIT)
