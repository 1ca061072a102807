add_fixture_service(api COMAND true READY EXIT)
