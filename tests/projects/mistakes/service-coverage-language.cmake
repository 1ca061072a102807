add_fixture_service(api COMMAND true PORTS http COVERAGE ruby)
