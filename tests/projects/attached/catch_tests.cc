#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <cstdlib>

TEST_CASE("catch knows the port, with a comma") { REQUIRE(std::getenv("API_PORT") != nullptr); }
