add_fixture_service(api COMMAND true READY LOG ready TIME 2)
