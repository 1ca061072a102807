add_fixture_service(git COMMAND git daemon PORTS git)
