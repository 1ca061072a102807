add_fixture_service(api COMMAND server "$<1:x> @FOO@" PORTS http)
