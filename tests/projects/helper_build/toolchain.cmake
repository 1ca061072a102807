# A cross toolchain that cannot compile anything.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_CXX_COMPILER /bin/false)
set(CMAKE_CXX_FLAGS_INIT --no-such-flag)
