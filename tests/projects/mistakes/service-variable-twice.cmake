add_fixture_service(api COMMAND true PORTS db)
add_fixture_service(api-db COMMAND true PORTS main)
