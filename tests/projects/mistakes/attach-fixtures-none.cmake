add_fixture_service(api COMMAND true READY EXIT)
add_test(NAME t COMMAND true)
attach_fixtures(FIXTURES api NONE TESTS t)
