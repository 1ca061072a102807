#include "model/http.h"

#include "base/error.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kLongestStatusLine = 4096;

Error wrong_url(const std::string& text, const std::string& cause) {
  return Error("read URL", text, cause)
      .hint(
          "READY HTTP takes /path or http://host:port/path; for https use READY COMMAND curl ...");
}

void check_characters(const std::string& text) {
  for (const char c : text) {
    if (c <= ' ' || c == 0x7F) throw wrong_url(text, "a blank or control character stands in it");
  }
}

}  // namespace

HttpTarget parse_http_target(const std::string& text) {
  check_characters(text);
  if (text.starts_with("/")) return {"", 0, text};
  if (text.starts_with("https://")) throw wrong_url(text, "https is not supported");
  if (!text.starts_with(kScheme))
    throw wrong_url(text, "it starts neither with / nor with http://");
  std::string_view rest = std::string_view(text).substr(kScheme.size());
  const std::size_t slash = rest.find('/');
  const std::string path(slash == std::string_view::npos ? "/" : rest.substr(slash));
  std::string_view authority = rest.substr(0, slash);
  HttpTarget target{"", 0, path};
  const bool bracketed = authority.starts_with("[");
  const std::size_t bracket = bracketed ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) throw wrong_url(text, "its [ has no ]");
  const std::size_t colon = authority.find(':', bracket);
  target.host = authority.substr(0, colon);
  if (target.host.empty()) throw wrong_url(text, "it has no host");
  if (colon != std::string_view::npos) {
    const auto port = parse_integer<int>(authority.substr(colon + 1), 1, 65535);
    if (!port) throw wrong_url(text, "its port is no number from 1 to 65535");
    target.port = *port;
  }
  return target;
}

std::string http_get_request(const HttpTarget& target, int port) {
  const std::string host = target.host.empty() ? "localhost" : target.host;
  return "GET " + target.path + " HTTP/1.1\r\nHost: " + host + ":" + std::to_string(port) +
         "\r\nUser-Agent: gentle\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

// HTTP/1.1 200 OK
std::optional<int> parse_http_status(std::string_view response) {
  constexpr std::string_view kVersion = "HTTP/1.";
  constexpr std::size_t kCodeAt = 9;
  const std::string_view start = response.substr(0, kVersion.size());
  if (start != kVersion.substr(0, start.size()))
    throw Error("read", "HTTP response", "it is no HTTP");
  const std::size_t newline = response.find('\n');
  if (newline == std::string_view::npos) {
    if (response.size() > kLongestStatusLine) throw Error("read", "HTTP response", "it has no end");
    return std::nullopt;
  }
  const std::string_view line = response.substr(0, newline);
  if (line.size() < kCodeAt + 3) throw Error("read", "HTTP response", "it has no status code");
  const auto status = parse_integer<int>(line.substr(kCodeAt, 3), 100, 599);
  if (!status) throw Error("read", "HTTP response", "it has no status code");
  return status;
}

}  // namespace gentle
