# The one library of the helper, header-only: what is installed comes first, a release of a known
# hash is fetched otherwise. The words "gentle needs" are looked for by cmake/GentleFixtures/helper.cmake.
include(FetchContent)
if(POLICY CMP0135)
  cmake_policy(SET CMP0135 NEW) # files unpacked now are as old as now
endif()
set(FETCHCONTENT_QUIET OFF)

function(gentle_dependency target version debian url hash)
  string(REGEX REPLACE "::.*" "" name "${target}")
  find_package(${name} ${version} QUIET)
  if(${name}_FOUND)
    return()
  endif()
  set(wanted "gentle needs ${name} ${version} or newer (on Debian: apt-get install ${debian})")
  if(FETCHCONTENT_FULLY_DISCONNECTED)
    message(FATAL_ERROR "${wanted}")
  endif()
  message(STATUS "${wanted}; fetching it")
  FetchContent_Declare(${name} URL "${url}" URL_HASH "SHA256=${hash}")
  FetchContent_MakeAvailable(${name})
endfunction()

gentle_dependency(nlohmann_json::nlohmann_json 3.9 nlohmann-json3-dev
  https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
