# The one library of the helper, header-only: what is installed comes first, a release of a known
# hash is fetched otherwise. The words "gentle needs" are looked for by cmake/GentleFixtures/helper.cmake.
include(FetchContent)
if(POLICY CMP0135)
  cmake_policy(SET CMP0135 NEW) # files unpacked now are as old as now
endif()
set(FETCHCONTENT_QUIET OFF)

# FetchContent itself would try six times, with pauses of up to a minute, and wait for a host that never
# answers. Here one that cannot be found or reached is given up at once, one that is silent after ten
# seconds. Sets <out> to what went wrong, or "".
function(gentle_download out url file hash)
  set(seconds 10)
  foreach(attempt IN ITEMS 1 2)
    file(REMOVE "${file}")
    file(DOWNLOAD "${url}" "${file}" STATUS status TIMEOUT ${seconds})
    list(POP_FRONT status code)
    string(REPLACE "\"" "" status "${status}")
    set(${out} "${status}" PARENT_SCOPE)
    set(size 0)
    set(found "")
    if(EXISTS "${file}")
      file(SIZE "${file}" size)
      file(SHA256 "${file}" found)
    endif()
    if(code EQUAL 0 AND found STREQUAL hash)
      set(${out} "" PARENT_SCOPE)
      return()
    elseif(code EQUAL 0)
      set(${out} "what came is something else (its hash is ${found})" PARENT_SCOPE)
    elseif(code EQUAL 28 AND size GREATER 0)
      set(seconds 300) # it answers, slowly
    elseif(code MATCHES "^(5|6|7|28)$") # no such proxy, no such host, no connection, no answer
      break()
    endif()
  endforeach()
  file(REMOVE "${file}")
endfunction()

function(gentle_dependency target version debian url hash)
  string(REGEX REPLACE "::.*" "" name "${target}")
  find_package(${name} ${version} QUIET)
  if(${name}_FOUND)
    return()
  endif()
  set(wanted "gentle needs ${name} ${version} or newer (on Debian: apt-get install ${debian}). It is not installed, and")
  if(FETCHCONTENT_FULLY_DISCONNECTED)
    message(FATAL_ERROR "${wanted} FETCHCONTENT_FULLY_DISCONNECTED is set, so it is not fetched.")
  endif()
  message(STATUS "Fetching ${name}, which is not installed")
  get_filename_component(file "${url}" NAME)
  set(file "${CMAKE_CURRENT_BINARY_DIR}/${file}")
  gentle_download(cause "${url}" "${file}" "${hash}")
  if(NOT cause STREQUAL "")
    message(FATAL_ERROR "${wanted} it cannot be fetched from ${url}: ${cause}.")
  endif()
  FetchContent_Declare(${name} URL "${file}" URL_HASH "SHA256=${hash}")
  FetchContent_MakeAvailable(${name})
endfunction()

gentle_dependency(nlohmann_json::nlohmann_json 3.9 nlohmann-json3-dev
  https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
