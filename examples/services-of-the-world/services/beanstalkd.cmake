add_fixture_service(beanstalkd
  COMMAND ${BEANSTALKD} -b @BEANSTALKD_DIR@
  LISTEN beanstalkd
  EXIT_CODES SIGINT)
