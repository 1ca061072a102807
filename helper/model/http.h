// The little of HTTP that READY HTTP needs: a URL in, a GET out, a status code back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gentle {

struct HttpTarget {
  std::string host;  // for the Host field; "" with a bare path
  int port = 0;      // 0: not given
  std::string path;  // with its query, starts with '/'
};

// "/health", "http://localhost:8080/health", "http://[::1]:8080/". Throws Error for anything else,
// https included.
HttpTarget parse_http_target(const std::string& text);

std::string http_get_request(const HttpTarget& target, int port);

// The status code, once the whole status line is there. Throws Error if it is no HTTP.
std::optional<int> parse_http_status(std::string_view response);

}  // namespace gentle
