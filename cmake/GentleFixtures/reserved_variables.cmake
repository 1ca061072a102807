# The variables of a service stand in the environment of its tests, of the services that depend on it, and of whatever
# those run. A service `git` would point every git at an empty repository. This is the table of variables that
# well-known programs read for something else, as their manuals say: <variable>:<program>.
#
# Not in it: variables by which a client finds the very service that gives them (MYSQL_HOST, COCKROACH_HOST,
# UVICORN_PORT), since that is what one wants; and general names whose readers are rare (HTTP_HOST, SERVER_PORT of
# CGI, and <Package>_DIR of CMake). A variable that EXPORT names is the user's own decision.
set_property(GLOBAL PROPERTY _GENTLE_RESERVED_VARIABLES
  # An address in another form than a host: with a scheme or a port.
  "BUILDKIT_HOST:buildctl" "CONTAINER_HOST:podman" "DATABRICKS_HOST:databricks" "DOCKER_HOST:docker"
  "GH_HOST:gh" "GITLAB_HOST:glab" "HELM_HOST:helm" "INFLUX_HOST:influx" "OLLAMA_HOST:ollama"
  "BIGTABLE_EMULATOR_HOST:the Google Cloud libraries" "DATASTORE_EMULATOR_HOST:the Google Cloud libraries"
  "FIREBASE_AUTH_EMULATOR_HOST:the Firebase libraries" "FIREBASE_DATABASE_EMULATOR_HOST:the Firebase libraries"
  "FIREBASE_STORAGE_EMULATOR_HOST:the Firebase libraries" "FIRESTORE_EMULATOR_HOST:the Google Cloud libraries"
  "PUBSUB_EMULATOR_HOST:the Google Cloud libraries" "SPANNER_EMULATOR_HOST:the Google Cloud libraries"
  "STORAGE_EMULATOR_HOST:the Google Cloud libraries"
  # What to log, or where to.
  "CARGO_LOG:cargo" "DENO_LOG:deno" "DISTCC_LOG:distcc" "NEXTEST_LOG:cargo-nextest" "PACKER_LOG:packer" "PIP_LOG:pip"
  "PIPEWIRE_LOG:pipewire" "QEMU_LOG:qemu" "RA_LOG:rust-analyzer" "RUSTC_LOG:rustc" "RUSTUP_LOG:rustup"
  "RUST_LOG:programs written in Rust" "SCCACHE_LOG:sccache" "SURREAL_LOG:surreal" "TF_LOG:terraform" "VAGRANT_LOG:vagrant"
  "VECTOR_LOG:vector" "WASMTIME_LOG:wasmtime"
  # A folder that is in use: a repository, a cache, an installation.
  "ASDF_DIR:asdf" "ASDF_DATA_DIR:asdf" "CABAL_DIR:cabal" "CARGO_TARGET_DIR:cargo" "CCACHE_DIR:ccache"
  "DENO_DIR:deno" "DISTCC_DIR:distcc" "GIT_COMMON_DIR:git" "GIT_DIR:git" "GIT_TEMPLATE_DIR:git"
  "INCUS_DIR:incus" "JUPYTER_CONFIG_DIR:jupyter" "JUPYTER_DATA_DIR:jupyter" "JUPYTER_RUNTIME_DIR:jupyter" "LOG_DIR:kafka"
  "LXD_DIR:lxd" "NIX_CONF_DIR:nix" "NIX_DATA_DIR:nix" "NIX_LOG_DIR:nix" "NIX_STATE_DIR:nix" "NIX_STORE_DIR:nix"
  "NVM_DIR:nvm" "OPENSSL_DIR:cargo's openssl-sys" "PASSWORD_STORE_DIR:pass" "PIP_CACHE_DIR:pip"
  "PKG_CONFIG_SYSROOT_DIR:pkg-config" "POETRY_CACHE_DIR:poetry" "PYENV_DIR:pyenv" "RBENV_DIR:rbenv" "SCCACHE_DIR:sccache"
  "SDKMAN_DIR:sdkman" "TF_DATA_DIR:terraform" "UV_CACHE_DIR:uv" "WANDB_DIR:wandb" "XDG_RUNTIME_DIR:most desktop programs"
  # A process, or the file of its number.
  "CATALINA_PID:tomcat" "DBUS_SESSION_BUS_PID:dbus-launch" "JETTY_PID:jetty" "LISTEN_PID:sd_listen_fds"
  "SSH_AGENT_PID:ssh-agent" "SYSTEMD_EXEC_PID:systemd" "WATCHDOG_PID:sd_watchdog_enabled"
  # A port, or what a program takes for something else.
  "JMX_PORT:kafka and cassandra" "MYSQL_UNIX_PORT:mysql" "VLLM_PORT:vllm"
  # Where a program runs.
  "CI_BUILDS_DIR:GitLab CI" "CI_PROJECT_DIR:GitLab CI" "CI_SERVER_HOST:GitLab CI" "CI_SERVER_PORT:GitLab CI"
  "KUBERNETES_SERVICE_HOST:Kubernetes clients" "KUBERNETES_SERVICE_PORT:Kubernetes clients" "NOMAD_ALLOC_DIR:Nomad"
  "NOMAD_TASK_DIR:Nomad")

# Refuses a service one of whose variables means something else to a program.
function(_gentle_check_reserved_variables service variables)
  get_property(reserved GLOBAL PROPERTY _GENTLE_RESERVED_VARIABLES)
  _gentle_prefix(prefix "${service}")
  foreach(entry IN LISTS reserved)
    string(REGEX MATCH "^([A-Z_]+):(.*)$" entry "${entry}")
    set(variable "${CMAKE_MATCH_1}")
    set(program "${CMAKE_MATCH_2}")
    if("${variable}" IN_LIST variables)
      set(remedy "Choose another name, such as ${service}-server")
      if("${variable}" MATCHES "_PORT$" AND NOT "${variable}" STREQUAL "${prefix}_PORT")
        set(remedy "Choose another name for that port")
      elseif("${variable}" MATCHES "_EMULATOR_HOST$")
        string(REGEX REPLACE "[-_]emulator$" "" short "${service}")
        _gentle_prefix(short_prefix "${short}")
        set(remedy "Name the service ${short}, and add EXPORT ${variable}=@${short_prefix}_HOST@:@${short_prefix}_PORT@")
      endif()
      _gentle_fail("" "its tests would get the variable ${variable}, which means something else to ${program}. ${remedy}.")
    endif()
  endforeach()
endfunction()
