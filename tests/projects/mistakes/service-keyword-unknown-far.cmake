add_fixture_service(api BANANA)
