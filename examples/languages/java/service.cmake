# The program is unchanged: COVERAGE java is all. It finds JaCoCo by itself, in these places.
file(GLOB jacoco "${GENTLE_JACOCO}/org.jacoco.core*.jar" "/usr/share/java/org.jacoco.core*.jar"
  "$ENV{HOME}/.m2/repository/org/jacoco/org.jacoco.core/*/*.jar")
execute_process(COMMAND ${JAVAC} -version OUTPUT_VARIABLE version ERROR_QUIET)
if(NOT version MATCHES "^javac ([0-9]+)" OR CMAKE_MATCH_1 LESS 11)
  set(missing "a JDK of Java 11 or newer")
  return()
elseif(NOT jacoco)
  set(missing "JaCoCo")
  return()
endif()

# With --release 11, a JaCoCo that is older than the JDK reads the classes.
add_custom_command(OUTPUT java/Server.class
  DEPENDS "${CMAKE_CURRENT_LIST_DIR}/Server.java"
  COMMAND ${JAVAC} -g --release 11 -d java "${CMAKE_CURRENT_LIST_DIR}/Server.java" VERBATIM)
add_custom_target(build_java_server ALL DEPENDS java/Server.class)
add_fixture_service(java-server
  COMMAND ${JAVA} -cp "${CMAKE_CURRENT_BINARY_DIR}/java" Server @SELF_PORT@
  PORTS http
  READY HTTP /steps/1
  EXPORT SERVER_PORT=@SELF_PORT@ SERVER_PID=@SELF_PID@
  COVERAGE java)
