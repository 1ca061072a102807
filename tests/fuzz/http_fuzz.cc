// Whatever a server answers, parse_http_status waits for more, gives a status code or throws Error;
// and the same bytes as a URL give a target from which a request can be made, or an Error.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "fuzz.h"
#include "model/http.h"

namespace {

using gentle::fuzz::require;

void check_response(std::string_view bytes) {
  try {
    const auto status = gentle::parse_http_status(bytes);
    require(!status || (*status >= 100 && *status <= 599), "a status code has three digits");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

void check_target(const std::string& url) {
  try {
    const gentle::HttpTarget target = gentle::parse_http_target(url);
    require(target.path.starts_with('/'), "a path starts with a slash");
    require(target.port >= 0 && target.port <= 65535, "a port fits");
    const std::string request = gentle::http_get_request(target, 80);
    require(request.starts_with("GET /") && request.ends_with("\r\n\r\n"), "a request is whole");
    require(request.find("\r\n\r\n") == request.size() - 4, "a request is only one");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_response(gentle::fuzz::text(data, size));
  check_target(std::string(gentle::fuzz::text(data, size)));
  return 0;
}
