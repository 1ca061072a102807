add_library(core INTERFACE)
add_fixture_service(api COMMAND core PORTS http)
