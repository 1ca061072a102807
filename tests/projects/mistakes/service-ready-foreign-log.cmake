add_fixture_service(api COMMAND true READY LOG x FOREIGN)
