# The compiler's warnings for our own build; only the top level includes this file, so that a
# user's build of the helper never meets them. They are errors where CMAKE_COMPILE_WARNING_AS_ERROR
# is on, as in every preset. In files that are compiled together, one shadows names of another: what
# there is to warn of, the build of each file by itself tells.
if(GENTLE_COMPILE_TOGETHER)
  return()
endif()
add_compile_options(
  -Wall -Wextra -Wpedantic
  -Wcast-qual -Wconversion -Wno-sign-conversion -Wformat=2 -Wimplicit-fallthrough
  -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wshadow -Wswitch-enum -Wundef -Wvla)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wduplicated-cond -Wlogical-op)
endif()

# Sizes of 64-bit programs are 64 bits wide in our code; they are bounded before they are used.
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  add_compile_options(-Wno-conversion)
endif()

# CMake knows the variable from 3.24 on.
if(CMAKE_COMPILE_WARNING_AS_ERROR AND CMAKE_VERSION VERSION_LESS 3.24)
  add_compile_options(-Werror)
endif()
