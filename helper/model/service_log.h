// `gentle logs --json`: an array of {service, path, lines}.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace gentle {

// Writes it while the logs are read: they may be larger than the memory.
class ServiceLogsJson {
 public:
  using Sink = std::function<void(const std::string& text)>;
  explicit ServiceLogsJson(Sink sink) : sink_(std::move(sink)) {}

  void begin_log(const std::string& service, const std::string& path);
  // A piece of a line, which holds whole characters; `ends`: its last one.
  void add(std::string_view piece, bool ends);
  void end_log();
  void end();

 private:
  Sink sink_;
  bool any_log_ = false;
  bool any_line_ = false;
  bool in_line_ = false;
};

}  // namespace gentle
