add_fixture_service(api COMMAND true READY EXIT)
add_test(NAME existing COMMAND true)
attach_fixtures(FIXTURES api TEST existing)
