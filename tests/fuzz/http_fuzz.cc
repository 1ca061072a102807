// Whatever a server answers, HttpResponse waits for more, gives a status code or throws Error;
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
    gentle::HttpResponse whole;
    whole.take(bytes);
    const auto status = whole.status();
    require(!status || (*status >= 101 && *status <= 599), "a status code has three digits");
    require(status || !whole.is_complete(), "an answer that is complete has a status");
    // The same, however it comes.
    gentle::HttpResponse pieces;
    for (const char& byte : bytes) pieces.take({&byte, 1});
    require(pieces.status() == status, "pieces have the same status");
    require(pieces.is_complete() == whole.is_complete(), "pieces have the same end");
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
