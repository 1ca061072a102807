#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cstdlib>

TEST_CASE("doctest knows the port") { REQUIRE(std::getenv("API_PORT") != nullptr); }
