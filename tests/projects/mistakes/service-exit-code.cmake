add_fixture_service(api COMMAND true PORTS http EXIT_CODES 0 256)
