# Where the program `gentle` comes from: GENTLE_EXECUTABLE, or the installed package, or a build of
# ../helper, made when CMake configures so that it is there before any ctest, in a cmake run of its own,
# which sees nothing of the project's flags, toolchain and launchers.

# What the helper's build must not inherit from the environment.
set(_gentle_cleared_environment
  CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS DESTDIR MAKEFLAGS MAKELEVEL MFLAGS
  CMAKE_BUILD_TYPE CMAKE_CONFIGURATION_TYPES CMAKE_TOOLCHAIN_FILE CMAKE_EXPORT_COMPILE_COMMANDS
  CMAKE_GENERATOR CMAKE_GENERATOR_INSTANCE CMAKE_GENERATOR_PLATFORM CMAKE_GENERATOR_TOOLSET
  CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_C_LINKER_LAUNCHER CMAKE_CXX_LINKER_LAUNCHER
  CMAKE_COLOR_DIAGNOSTICS CMAKE_INSTALL_MODE CMAKE_INSTALL_PREFIX GCOV_PREFIX LLVM_PROFILE_FILE)
set_property(GLOBAL PROPERTY _GENTLE_CLEARED_ENVIRONMENT "${_gentle_cleared_environment}")
unset(_gentle_cleared_environment)
set_property(GLOBAL PROPERTY _GENTLE_MODULE_DIR "${CMAKE_CURRENT_LIST_DIR}")

# The absolute path of the helper, found or built once in a configure step.
function(_gentle_helper out)
  get_property(helper GLOBAL PROPERTY _GENTLE_HELPER)
  if(NOT helper)
    get_property(installed GLOBAL PROPERTY _GENTLE_INSTALLED_EXECUTABLE)
    if(NOT "${GENTLE_EXECUTABLE}" STREQUAL "")
      set(helper "${GENTLE_EXECUTABLE}")
      _gentle_check_helper("GENTLE_EXECUTABLE" "${helper}")
    elseif(installed)
      set(helper "${installed}")
      _gentle_check_helper("the installed program" "${helper}")
    else()
      _gentle_build_helper(helper)
    endif()
    set_property(GLOBAL PROPERTY _GENTLE_HELPER "${helper}")
  endif()
  set(${out} "${helper}" PARENT_SCOPE)
endfunction()

# Module and helper talk through files of their own, so they must be of one version.
function(_gentle_check_helper what path)
  if(NOT IS_ABSOLUTE "${path}" OR NOT EXISTS "${path}" OR IS_DIRECTORY "${path}")
    message(FATAL_ERROR "GentleFixtures: ${what} '${path}' is not the absolute path of a program.")
  endif()
  execute_process(COMMAND "${path}" --version
    RESULT_VARIABLE result OUTPUT_VARIABLE version ERROR_VARIABLE error OUTPUT_STRIP_TRAILING_WHITESPACE)
  get_property(wanted GLOBAL PROPERTY _GENTLE_VERSION)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "GentleFixtures: ${what} '${path}' cannot be run: ${result} ${error}")
  elseif(NOT "${version}" STREQUAL "gentle ${wanted}")
    message(FATAL_ERROR "GentleFixtures: ${what} '${path}' is '${version}', but these CMake functions need 'gentle ${wanted}'.")
  endif()
endfunction()

function(_gentle_build_helper out)
  get_property(module_dir GLOBAL PROPERTY _GENTLE_MODULE_DIR)
  get_property(cleared GLOBAL PROPERTY _GENTLE_CLEARED_ENVIRONMENT)
  get_filename_component(source "${module_dir}/../../helper" ABSOLUTE)
  set(build "${CMAKE_BINARY_DIR}/GentleFixtures")
  set(log "${build}/build.log")
  if(NOT EXISTS "${source}/CMakeLists.txt")
    message(FATAL_ERROR "GentleFixtures: the helper's sources are not in '${source}'. Keep cmake/ and helper/ "
      "together, install the package, or set GENTLE_EXECUTABLE to a prebuilt helper.")
  endif()
  list(TRANSFORM cleared PREPEND "--unset=")
  set(clean "${CMAKE_COMMAND}" -E env ${cleared})
  _gentle_helper_options(options)

  # Configured again only if its way of building has changed; built always, which is quick if nothing is to do.
  string(SHA256 wanted "${source};${CMAKE_COMMAND};${CMAKE_VERSION};${options}")
  set(present "")
  if(EXISTS "${build}/configured" AND EXISTS "${build}/CMakeCache.txt")
    file(READ "${build}/configured" present)
  endif()
  if(NOT "${present}" STREQUAL "${wanted}")
    message(STATUS "GentleFixtures: building the helper in ${build}")
    file(REMOVE_RECURSE "${build}")
    file(MAKE_DIRECTORY "${build}")
    execute_process(COMMAND ${clean} "${CMAKE_COMMAND}" -S "${source}" -B "${build}" ${options}
      RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    file(WRITE "${log}" "${output}")
    if(NOT result EQUAL 0)
      _gentle_fail_build("${output}")
    endif()
    file(WRITE "${build}/configured" "${wanted}")
  endif()
  cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
  execute_process(COMMAND ${clean} "${CMAKE_COMMAND}" --build "${build}" --target gentle --parallel ${cores}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  file(APPEND "${log}" "${output}")
  if(NOT result EQUAL 0)
    _gentle_fail_build("${output}")
  endif()
  set(${out} "${build}/gentle" PARENT_SCOPE)
endfunction()

# The project's compiler is sure to be there, and may be the only one that knows C++20; a cross compiler
# or one that is too old cannot build a program for this machine.
function(_gentle_helper_options out)
  set(options -DCMAKE_BUILD_TYPE=Release)
  if(CMAKE_GENERATOR MATCHES "^Ninja|^Unix Makefiles")
    set(generator "Ninja")
    if(CMAKE_GENERATOR STREQUAL "Unix Makefiles")
      set(generator "Unix Makefiles")
    endif()
    list(APPEND options -G "${generator}" "-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM}")
  endif()
  if(NOT CMAKE_CROSSCOMPILING)
    if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 11)
        OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 14))
      list(APPEND options "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}")
    endif()
    if(FETCHCONTENT_FULLY_DISCONNECTED)
      list(APPEND options -DFETCHCONTENT_FULLY_DISCONNECTED=ON)
    endif()
    if(CMAKE_PREFIX_PATH)
      string(REPLACE ";" "\\;" prefixes "${CMAKE_PREFIX_PATH}")
      list(APPEND options "-DCMAKE_PREFIX_PATH=${prefixes}")
    endif()
  endif()
  set(${out} "${options}" PARENT_SCOPE)
endfunction()

function(_gentle_fail_build output)
  set(cause "see the log")
  if("${output}" MATCHES "(No CMAKE_CXX_COMPILER could be found|CMAKE_CXX_COMPILER not set)")
    set(cause "there is no C++ compiler; on Debian: apt-get install g++")
  elseif("${output}" MATCHES "(CMake was unable to find a build program|CMAKE_MAKE_PROGRAM is not set)")
    set(cause "there is no build program; on Debian: apt-get install ninja-build")
  elseif("${output}" MATCHES "gentle needs ([^)]*\\))")
    string(REGEX REPLACE "[ \n]+" " " cause "it needs ${CMAKE_MATCH_1}")
  endif()
  string(LENGTH "${output}" length)
  if(length GREATER 3000)
    math(EXPR begin "${length} - 3000")
    string(SUBSTRING "${output}" ${begin} -1 output)
  endif()
  string(REPLACE "\n" "\n  " output "${output}")
  message(FATAL_ERROR "GentleFixtures: the helper 'gentle' could not be built: ${cause}.\n"
    "Its log, ${log}, ends:\n  ${output}\n"
    "Set GENTLE_EXECUTABLE to use a prebuilt helper.")
endfunction()
