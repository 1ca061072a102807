# Its test of a broker asks port 5672, whatever a variable says, and is compiled without an add_test of its own.
find_package(GentleFixtures CONFIG REQUIRED)
find_program(EPMD epmd REQUIRED)
find_program(RABBITMQ_SERVER rabbitmq-server PATHS /usr/lib/rabbitmq/bin NO_DEFAULT_PATH REQUIRED)

add_fixture_service(epmd
  COMMAND ${EPMD} -port @EPMD_PORT@ -address @EPMD_HOST@
  PORTS epmd)
add_fixture_service(rabbit
  COMMAND ${RABBITMQ_SERVER}
  DEPENDS epmd
  PORTS amqp=5672 distribution
  READY NOTIFY
  START_TIMEOUT 120
  STOP SIGTERM 10 SIGINT 5
  WORKING_DIRECTORY @RABBIT_DIR@
  ENVIRONMENT
    HOME=@RABBIT_DIR@
    ERL_EPMD_PORT=@EPMD_PORT@
    ERL_EPMD_ADDRESS=@EPMD_HOST@
    RABBITMQ_NODENAME=rabbit@@localhost
    RABBITMQ_NODE_IP_ADDRESS=@RABBIT_HOST@
    RABBITMQ_NODE_PORT=@RABBIT_PORT@
    RABBITMQ_DIST_PORT=@RABBIT_DISTRIBUTION_PORT@
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}"
    RABBITMQ_MNESIA_BASE=@RABBIT_DIR@/mnesia
    RABBITMQ_LOG_BASE=@RABBIT_DIR@/log
    RABBITMQ_LOGS=-
    RABBITMQ_CONF_ENV_FILE=@RABBIT_DIR@/rabbitmq-env.conf
    RABBITMQ_CONFIG_FILE=@RABBIT_DIR@/rabbitmq
    RABBITMQ_ENABLED_PLUGINS_FILE=@RABBIT_DIR@/plugins)
add_test(basic test_basic)
set_tests_properties(basic PROPERTIES FIXTURES_REQUIRED rabbit)
add_fixture_coverage(INSTRUMENT rabbitmq rabbitmq-static)
