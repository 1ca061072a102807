add_fixture_service(api COMMAND true PORTS http DEPENDS cache)
add_fixture_service(cache COMMAND true PORTS main DEPENDS db)
add_fixture_service(db COMMAND true PORTS main DEPENDS cache)
