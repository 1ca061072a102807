add_executable(t main.cc)
add_fixture_service(api COMMAND true PORTS http)
discover_fixture_tests(t FIXTURES apis)
