attach_fixtures(TESTS t)
