add_fixture_service(api COMMAND server @API_URL@ PORTS http EXPORT API_URL=http://@API_HOST@)
