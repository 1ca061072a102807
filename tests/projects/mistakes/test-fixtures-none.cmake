add_fixture_service(api COMMAND true READY EXIT)
add_test(NAME existing COMMAND true)
add_fixture_test(NAME t COMMAND true FIXTURES api NONE)
