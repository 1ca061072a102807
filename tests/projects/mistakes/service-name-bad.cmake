add_fixture_service(Api COMMAND true READY EXIT)
