# Its tests of PostgreSQL ask for a database of a fixed name.
include("${ADOPTED}/postgresql.cmake")
add_fixture_service(database COMMAND createdb --maintenance-db=postgres soci_test DEPENDS postgresql READY EXIT)
attach_fixtures(FIXTURES database MATCHING "^soci_postgresql")
add_fixture_coverage(INSTRUMENT soci_core soci_postgresql)
