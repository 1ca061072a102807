add_fixture_service(pubsub-emulator COMMAND emulator PORTS grpc)
