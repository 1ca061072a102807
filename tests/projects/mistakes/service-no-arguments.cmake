add_fixture_service()
