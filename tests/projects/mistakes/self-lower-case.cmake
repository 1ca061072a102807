add_fixture_service(my-api COMMAND server PORTS http READY FILE @self_dir@/ready)
