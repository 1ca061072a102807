attach_fixtures(FIXTURES api)
