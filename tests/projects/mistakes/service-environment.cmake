add_fixture_service(api COMMAND true PORTS http ENVIRONMENT A=1 2B=3)
