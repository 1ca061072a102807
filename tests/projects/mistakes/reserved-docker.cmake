add_fixture_service(docker COMMAND dockerd READY UNIX x)
