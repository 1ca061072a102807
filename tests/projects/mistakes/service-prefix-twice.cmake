add_fixture_service(my-api COMMAND true READY EXIT)
add_fixture_service(my_api COMMAND true READY EXIT)
