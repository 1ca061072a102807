# PostgreSQL as docs/services.md has it, with what libpq reads from its environment.
find_package(GentleFixtures CONFIG REQUIRED)
find_program(INITDB initdb REQUIRED)
find_program(POSTGRES postgres REQUIRED)
find_program(PG_ISREADY pg_isready REQUIRED)

add_fixture_service(postgresql-data
  COMMAND ${NOT_ROOT} ${INITDB} --no-sync --auth=trust --username=tests --locale=C --encoding=UTF8
    -D @POSTGRESQL_DATA_DIR@/data
  READY EXIT)
add_fixture_service(postgresql
  COMMAND ${NOT_ROOT} ${POSTGRES} -D @POSTGRESQL_DATA_DIR@/data -F -p @POSTGRESQL_PORT@
    -c listen_addresses=@POSTGRESQL_HOST@ -c unix_socket_directories=
  DEPENDS postgresql-data
  PORTS sql
  READY COMMAND ${PG_ISREADY} -q -h @POSTGRESQL_HOST@ -p @POSTGRESQL_PORT@
  EXPORT PGHOST=@POSTGRESQL_HOST@ PGPORT=@POSTGRESQL_PORT@ PGUSER=tests)
