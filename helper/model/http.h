// The little of HTTP that READY HTTP needs: a URL in, a GET out, a status code and an end back.
#pragma once

#include <cstdint>
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

// An answer to a GET, as it comes in: its status, and where it ends.
class HttpResponse {
 public:
  // Throws Error if it is no HTTP, which only the status line can tell. Whatever of the rest makes
  // no sense ends with the connection.
  void take(std::string_view text);

  // Once the whole status line is there. Interim answers (103 Early Hints) are skipped.
  std::optional<int> status() const { return status_; }
  // Nothing more belongs to it. Without Content-Length and chunks only the connection's end tells.
  bool is_complete() const { return part_ == Part::kComplete; }

 private:
  enum class Part {
    kStatusLine,
    kFields,
    kBody,  // left_ bytes of it, or of a chunk
    kChunkSize,
    kChunkEnd,
    kTrailer,
    kUntilClose,
    kComplete,
  };

  void check_begin();
  void take_line(const std::string& line);
  void take_status(std::string_view line);
  void take_field(std::string_view line);
  void end_fields();
  void take_chunk_size(std::string_view line);

  Part part_ = Part::kStatusLine;
  std::string line_;  // as much of it as is there
  std::optional<int> status_;
  bool interim_ = false;
  bool chunked_ = false;
  std::optional<std::uint64_t> length_;
  std::uint64_t left_ = 0;
};

}  // namespace gentle
