add_fixture_service(api COMMAND true READY EXIT LABEL web)
