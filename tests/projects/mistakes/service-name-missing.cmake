add_fixture_service(COMMAND true READY EXIT)
