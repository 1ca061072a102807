add_fixture_service(api COMMAND true READY EXIT)
add_fixture_service(api COMMAND true READY EXIT)
