add_fixture_coverage(INSTRUMENT app)
