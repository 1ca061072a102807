add_fixture_service(api COMMAND true PORTS http)
add_fixture_test(NAME t COMMAND core FIXTURES api)
add_library(core INTERFACE)
