add_fixture_service(1api COMMAND true READY EXIT)
