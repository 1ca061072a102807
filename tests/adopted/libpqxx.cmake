# Its one test asks the PostgreSQL that libpq's variables name.
include("${ADOPTED}/postgresql.cmake")
add_fixture_service(database COMMAND createdb --maintenance-db=postgres tests DEPENDS postgresql READY EXIT EXPORT PGDATABASE=tests)
attach_fixtures(FIXTURES database TESTS runner)
add_fixture_coverage(INSTRUMENT pqxx)
