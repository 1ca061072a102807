add_fixture_coverage(TITLE)
