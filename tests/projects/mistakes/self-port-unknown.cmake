add_fixture_service(api COMMAND true READY EXIT EXPORT URL=@SELF_HTTP_PORT@)
