add_fixture_service(my-api COMMAND server --port @MY_API_PORT@ PORTS http admin READY COMMAND curl @MY_API_METRICS_PORT@)
