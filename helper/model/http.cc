#include "model/http.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kLongestStatusLine = 4096;
constexpr std::size_t kLongestField = 65536;

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

Error wrong_response(const std::string& cause) { return {"read", "HTTP response", cause}; }

// Also of the first bytes alone.
void check_version(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.";
  const std::string_view start = line.substr(0, kVersion.size());
  if (start != kVersion.substr(0, start.size())) throw wrong_response("it is no HTTP");
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
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

void HttpResponse::take(std::string_view text) {
  while (!text.empty() && part_ != Part::kUntilClose && part_ != Part::kComplete) {
    if (part_ == Part::kBody) {
      const std::size_t taken = std::min<std::uint64_t>(left_, text.size());
      text.remove_prefix(taken);
      left_ -= taken;
      if (left_ == 0) part_ = chunked_ ? Part::kChunkEnd : Part::kComplete;
      continue;
    }
    const std::size_t newline = text.find('\n');
    line_ += text.substr(0, newline);
    check_begin();
    if (newline == std::string_view::npos || part_ == Part::kUntilClose) return;
    text.remove_prefix(newline + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    take_line(std::exchange(line_, {}));
  }
}

// Of a line that may not have ended.
void HttpResponse::check_begin() {
  if (part_ == Part::kStatusLine) check_version(line_);
  if (line_.size() <= (status_ ? kLongestField : kLongestStatusLine)) return;
  if (!status_) throw wrong_response("it has no end");
  part_ = Part::kUntilClose;
}

void HttpResponse::take_line(const std::string& line) {
  switch (part_) {
    case Part::kStatusLine:
      take_status(line);
      break;
    case Part::kFields:
      if (line.empty()) {
        end_fields();
      } else {
        take_field(line);
      }
      break;
    case Part::kChunkSize:
      take_chunk_size(line);
      break;
    case Part::kChunkEnd:
      part_ = line.empty() ? Part::kChunkSize : Part::kUntilClose;
      break;
    case Part::kTrailer:
      if (line.empty()) part_ = Part::kComplete;
      break;
    case Part::kBody:
    case Part::kUntilClose:
    case Part::kComplete:
      break;
  }
}

// HTTP/1.1 200 OK
void HttpResponse::take_status(std::string_view line) {
  constexpr std::size_t kCodeAt = 9;
  std::optional<int> status;
  if (line.size() >= kCodeAt + 3) status = parse_integer<int>(line.substr(kCodeAt, 3), 100, 599);
  if (!status) throw wrong_response("it has no status code");
  // 101 is no interim answer: the protocol changes, and no other answer follows.
  interim_ = *status < 200 && *status != 101;
  if (!interim_) status_ = status;
  part_ = Part::kFields;
}

void HttpResponse::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = lower_case(line.substr(0, colon));
  const std::string value = lower_case(trimmed(line.substr(colon + 1)));
  if (name == "content-length") {
    const auto length = parse_integer<std::uint64_t>(value, 0, UINT64_MAX);
    if (length) length_ = length;
  } else if (name == "transfer-encoding") {
    chunked_ = value.ends_with("chunked");
  }
}

void HttpResponse::end_fields() {
  if (interim_) {
    *this = {};
    return;
  }
  if (status_ == 204 || status_ == 304) {
    part_ = Part::kComplete;
  } else if (chunked_) {
    part_ = Part::kChunkSize;
  } else if (!length_ || status_ == 101) {
    part_ = Part::kUntilClose;
  } else {
    left_ = *length_;
    part_ = left_ > 0 ? Part::kBody : Part::kComplete;
  }
}

// "1a; name=value", in hexadecimal digits.
void HttpResponse::take_chunk_size(std::string_view line) {
  const std::string_view digits = trimmed(line.substr(0, line.find(';')));
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, left_, 16);
  if (digits.empty() || error != std::errc{} || stop != end) {
    part_ = Part::kUntilClose;
  } else {
    part_ = left_ > 0 ? Part::kBody : Part::kTrailer;
  }
}

}  // namespace gentle
