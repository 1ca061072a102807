add_fixture_service(api COMMAND true PORTS http DEPENDS db)
add_fixture_service(db COMMAND true PORTS main SCOPE TEST)
