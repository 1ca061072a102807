add_fixture_service(my-api COMMAND server --port @SELF_PROT@ PORTS http)
