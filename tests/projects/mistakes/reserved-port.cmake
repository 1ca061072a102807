add_fixture_service(mysql COMMAND mysqld PORTS tcp unix)
