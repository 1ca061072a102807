add_fixture_service(api COMMAND true PORTS http=ANY READY LOG "listens on @API_PORT@")
