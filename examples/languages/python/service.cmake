# The program is unchanged, and so are the workers that gunicorn forks: COVERAGE python is all.
find_python(WEB_PYTHON flask gunicorn coverage)
if(NOT WEB_PYTHON)
  set(missing "Python with flask, gunicorn and coverage")
  return()
endif()

add_fixture_service(python-server
  COMMAND ${WEB_PYTHON} -m gunicorn --workers 2 --bind 127.0.0.1:@SELF_PORT@ app:app
  WORKING_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}"
  PORTS http
  READY LOG "Booting worker" TIMES 2
  READY HTTP /steps/1
  EXPORT SERVER_PORT=@SELF_PORT@ SERVER_PID=@SELF_PID@
  COVERAGE python)
