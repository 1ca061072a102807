add_library(core INTERFACE)
discover_fixture_tests(core FIXTURES api)
