add_fixture_coverage(CONDITIONS ON)
