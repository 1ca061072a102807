#include "kv/http.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "kv/url.h"

namespace kv {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kTokenMarks.find(c) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Response error_response(int status, std::string_view message) {
  return {.status = status, .body = std::string(message) + "\n"};
}

std::string serialize(const Response& response, bool head_only, bool keep_alive) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text.append(reason_of(response.status)).append(kLineEnd);
  const auto header = [&](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append(kLineEnd);
  };
  header("Date", http_date());
  // RFC 9110, 8.6: a 204 carries no Content-Length.
  if (response.status != 204) {
    header("Content-Type", response.content_type);
    header("Content-Length", std::to_string(response.body.size()));
  }
  header("Connection", keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : response.headers) header(name, value);
  text.append(kLineEnd);
  if (!head_only && response.status != 204) text.append(response.body);
  return text;
}

RequestParser::State RequestParser::feed(std::string_view bytes) {
  buffer_.append(bytes);
  return state_ == State::kNeedsMore ? parse() : state_;
}

Request RequestParser::take_request() {
  Request request = std::exchange(request_, {});
  state_ = State::kNeedsMore;
  head_done_ = false;
  expects_continue_ = false;
  body_size_ = 0;
  parse();
  return request;
}

RequestParser::State RequestParser::parse() {
  if (!head_done_) {
    // RFC 9112, 2.2: ignore empty lines before a request line.
    while (buffer_.starts_with(kLineEnd)) buffer_.erase(0, kLineEnd.size());
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (std::min(end, buffer_.size()) > limits_.head) {
      return fail(431,
                  "the request's head is longer than " + std::to_string(limits_.head) + " bytes");
    }
    if (end == std::string::npos) return state_;
    if (!parse_head(std::string_view(buffer_).substr(0, end))) return state_;
    buffer_.erase(0, end + 4);
    head_done_ = true;
  }
  if (buffer_.size() < body_size_) return state_;
  request_.body = buffer_.substr(0, body_size_);
  buffer_.erase(0, body_size_);
  return state_ = State::kComplete;
}

RequestParser::State RequestParser::fail(int status, std::string_view message) {
  failure_ = error_response(status, message);
  return state_ = State::kFailed;
}

bool RequestParser::parse_head(std::string_view head) {
  for (bool first = true; !head.empty(); first = false) {
    const std::string_view line = head.substr(0, head.find(kLineEnd));
    head.remove_prefix(std::min(head.size(), line.size() + kLineEnd.size()));
    if (!(first ? parse_request_line(line) : parse_header(line))) return false;
  }
  return parse_framing();
}

bool RequestParser::parse_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    fail(400, "the request line is not '<method> <target> HTTP/1.1'");
    return false;
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view version = line.substr(last + 1);
  std::string_view target = line.substr(first + 1, last - first - 1);

  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other_version = version.starts_with("HTTP/") && version.size() == 8;
    fail(other_version ? 505 : 400, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    return false;
  }
  if (target.size() > limits_.target) {
    fail(414, "the target is longer than " + std::to_string(limits_.target) + " bytes");
    return false;
  }
  const bool printable =
      std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_token(method) || !printable || !target.starts_with('/')) {
    fail(400, "the method or the target has a character that does not belong there");
    return false;
  }

  const std::size_t question = std::min(target.find('?'), target.size());
  auto query = parse_query(target.substr(std::min(question + 1, target.size())));
  if (!query) {
    fail(400, "the query is not percent-encoded correctly");
    return false;
  }
  request_.method = method;
  request_.path = target.substr(0, question);
  request_.query = std::move(*query);
  minor_version_ = version.back() - '0';
  return true;
}

bool RequestParser::parse_header(std::string_view line) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string name = lower(line.substr(0, colon));
  if (!is_token(name) || colon == line.size()) {
    fail(400, "a header line is not '<name>: <value>'");
    return false;
  }
  const std::string_view value = trim(line.substr(colon + 1));
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    fail(400, "a header value has a control character");
    return false;
  }
  const auto [entry, added] = request_.headers.try_emplace(name, value);
  if (!added) {
    // A second Host or Content-Length is how requests are smuggled past proxies (RFC 9112, 11.2).
    if (name == "host" || name == "content-length") {
      fail(400, "the header '" + name + "' is given twice");
      return false;
    }
    entry->second.append(", ").append(value);
  }
  return true;
}

// Where the body ends, and whether the connection lives on.
bool RequestParser::parse_framing() {
  const auto value_of = [&](std::string_view name) -> std::string_view {
    const auto found = request_.headers.find(name);
    return found == request_.headers.end() ? std::string_view() : std::string_view(found->second);
  };
  if (minor_version_ == 1 && !request_.headers.contains("host")) {
    fail(400, "the header 'host' is missing");
    return false;
  }
  if (request_.headers.contains("transfer-encoding")) {
    fail(411, "send a body with Content-Length, not with Transfer-Encoding");
    return false;
  }
  if (const auto length = request_.headers.find("content-length");
      length != request_.headers.end()) {
    const std::string& text = length->second;
    const char* const end = text.data() + text.size();
    const auto [parsed_to, error] = std::from_chars(text.data(), end, body_size_);
    const bool too_large = error == std::errc::result_out_of_range || body_size_ > limits_.body;
    if (text.empty() || parsed_to != end || (error != std::errc() && !too_large)) {
      fail(400, "Content-Length is not a number");
      return false;
    }
    if (too_large) {
      fail(413, "the body is larger than " + std::to_string(limits_.body) + " bytes");
      return false;
    }
  }
  const std::string connection = lower(value_of("connection"));
  request_.keep_alive = minor_version_ == 1 ? connection != "close" : connection == "keep-alive";
  expects_continue_ = minor_version_ == 1 && lower(value_of("expect")) == "100-continue";
  return true;
}

}  // namespace kv
