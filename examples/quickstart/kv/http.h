#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kv {

struct Request {
  std::string method;
  std::string path;                                         // as sent, still percent-encoded
  std::map<std::string, std::string, std::less<>> query;    // decoded
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;
  bool keep_alive = true;
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// A response whose body says what is wrong, in one line.
Response error_response(int status, std::string_view message);

// The bytes to send. With `head_only` (the answer to HEAD) the length is told and the body left
// out.
std::string serialize(const Response& response, bool head_only, bool keep_alive);

// What a client may send. Above it: 414, 431 and 413.
struct Limits {
  std::size_t target = 4 * 1024;
  std::size_t head = 16 * 1024;
  std::size_t body = 1024 * 1024;
};

// Reads HTTP/1.0 and 1.1 requests from bytes that arrive in any portions. What follows a complete
// request stays for the next one, so pipelining works. Used by one thread at a time.
class RequestParser {
 public:
  enum class State { kNeedsMore, kComplete, kFailed };

  explicit RequestParser(Limits limits) : limits_(limits) {}

  State feed(std::string_view bytes);

  // Nothing of a next request has arrived.
  bool idle() const { return state_ == State::kNeedsMore && buffer_.empty() && !head_done_; }

  // True once for a client that waits for "100 Continue" before it sends its body.
  bool take_expectation() { return std::exchange(expects_continue_, false); }

  // After kComplete: the request; the parser goes on with the next one, see state().
  Request take_request();
  State state() const { return state_; }

  // After kFailed: the answer. The connection cannot be used any further.
  const Response& failure() const { return failure_; }

 private:
  State parse();
  State fail(int status, std::string_view message);
  bool parse_head(std::string_view head);
  bool parse_request_line(std::string_view line);
  bool parse_header(std::string_view line);
  bool parse_framing();

  Limits limits_;
  std::string buffer_;
  State state_ = State::kNeedsMore;
  Request request_;
  int minor_version_ = 1;
  bool head_done_ = false;
  bool expects_continue_ = false;
  std::size_t body_size_ = 0;
  Response failure_;
};

}  // namespace kv
