add_fixture_service(api COMMAND true READY UNIX @@)
