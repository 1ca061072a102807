add_fixture_service(mariadb-data
  COMMAND ${NOT_ROOT} ${MARIADB_INSTALL_DB} --no-defaults --datadir=@MARIADB_DATA_DIR@/data
    --auth-root-authentication-method=normal --skip-test-db
  READY EXIT)

add_fixture_service(mariadb
  COMMAND ${NOT_ROOT} ${MARIADBD} --no-defaults --datadir=@MARIADB_DATA_DIR@/data --socket=mariadb.sock
    --bind-address=@MARIADB_HOST@ --port=@MARIADB_PORT@ --innodb-flush-log-at-trx-commit=0
  DEPENDS mariadb-data
  PORTS sql
  READY NOTIFY
  STOP SIGTERM 20)
