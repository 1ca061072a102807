add_fixture_coverage()
