add_fixture_service(coverage COMMAND true READY EXIT)
