# Its tests take an sshd that runs, by variables, instead of a container. Those that log in need the container's user.
find_package(GentleFixtures CONFIG REQUIRED)
set(keys "${CMAKE_CURRENT_SOURCE_DIR}/openssh_server")

add_fixture_service(sshd-keys
  COMMAND "cp '${keys}'/ssh_host_*_key \"$SSHD_KEYS_DIR\" && chmod 600 \"$SSHD_KEYS_DIR\"/*"
  SHELL
  READY EXIT)
add_fixture_service(sshd
  COMMAND ${NOT_ROOT} ${SSHD_EXECUTABLE} -D -e -f ${keys}/sshd_config -p @SSHD_PORT@ -o ListenAddress=@SSHD_HOST@
    -h @SSHD_KEYS_DIR@/ssh_host_rsa_key -h @SSHD_KEYS_DIR@/ssh_host_ecdsa_key -h @SSHD_KEYS_DIR@/ssh_host_ed25519_key
    -o StrictModes=no -o UsePAM=no -o PidFile=none
  DEPENDS sshd-keys
  PORTS ssh
  STOP SIGTERM 10
  EXPORT USER=nobody OPENSSH_NO_DOCKER=1 OPENSSH_SERVER_HOST=@SSHD_HOST@ OPENSSH_SERVER_PORT=@SSHD_PORT@)
attach_fixtures(FIXTURES sshd MATCHING "^test_(auth|read|hostkey|agent|aa_warmup)")
# It has a target `coverage` of its own.
add_fixture_coverage(NAME measured INSTRUMENT libssh2_static)
