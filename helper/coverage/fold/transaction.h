// Many files replaced and removed, all or none of them, whenever the one who does it is killed: so
// that no count is there twice, in the sum and in what was added to it, or in neither.
//
// The new contents are written beside the old ones first. Then one rename puts a log of what is to
// be done in its place; from there on it is done, if need be by the next one who looks.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// One at a time for each log.
class Transaction {
 public:
  // Its folder has to be there.
  explicit Transaction(std::string log) : log_(std::move(log)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Threads may call these two side by side. Throws Error.
  void replace(const std::string& path, std::string_view bytes);
  void remove(const std::string& path);

  struct NotRemoved {
    std::string path;
    std::string cause;
  };
  // Throws Error if it cannot be written down, so that nothing was done, or if a file cannot be put
  // in its place: then the log stays, and whoever finishes it tries again.
  std::vector<NotRemoved> commit();

  // Of one that was killed: what its log tells is done. A log that is not whole is removed. Throws
  // Error as commit() does.
  static void finish(const std::string& log);

 private:
  std::string log_;
  std::mutex mutex_;
  std::vector<std::string> replaced_;
  std::vector<std::string> removed_;
  bool is_written_down_ = false;
};

}  // namespace gentle
