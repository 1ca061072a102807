add_fixture_service(postgres COMMAND true PORTS sql)
add_fixture_service(api COMMAND true PORTS http DEPENDS postgre)
