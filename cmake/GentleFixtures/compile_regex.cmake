# Run by attach.cmake: fails unless $ENV{GENTLE_REGEX} is a regular expression of CMake.
cmake_minimum_required(VERSION 3.22)
if("" MATCHES "$ENV{GENTLE_REGEX}")
endif()
