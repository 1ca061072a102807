add_fixture_service(sshd-keys
  COMMAND "for key in host login; do ${SSH_KEYGEN} -q -t ed25519 -N '' -f \"$SSHD_KEYS_DIR/$key\" || exit; done"
  SHELL
  READY EXIT)

add_fixture_service(sshd
  COMMAND ${NOT_ROOT} ${SSHD} -D -e -f /dev/null -p @SSHD_PORT@ -o ListenAddress=@SSHD_HOST@
    -h @SSHD_KEYS_DIR@/host -o "AuthorizedKeysFile=\"@SSHD_KEYS_DIR@/login.pub\"" -o StrictModes=no
    -o UsePAM=no -o PidFile=none -o "Subsystem=sftp internal-sftp"
  DEPENDS sshd-keys
  PORTS ssh
  STOP SIGTERM 10)
