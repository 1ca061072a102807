#define BOOST_TEST_MODULE attached
#include <boost/test/included/unit_test.hpp>
#include <cstdlib>

BOOST_AUTO_TEST_CASE(knows_the_port) { BOOST_TEST(std::getenv("API_PORT") != nullptr); }
