add_fixture_service(my-api COMMAND true @SELF_PID@ READY EXIT)
