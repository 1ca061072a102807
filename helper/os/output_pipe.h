// The pipe through which a service writes its log, and READY COMMAND what it has to say.
//
// Not the file itself: `> /dev/stderr`, the idiom of many entry points, opens what descriptor 2 is
// anew, and would empty a file; in a pipe nothing can be taken back. Both the supervisor and its
// successor hold the reading end, so that no end of theirs costs the service a SIGPIPE.
#pragma once

#include <functional>
#include <string_view>

#include "base/unique_fd.h"

namespace gentle {

class OutputPipe {
 public:
  // Throws Error.
  OutputPipe();

  // For the program; ours is closed when it has one.
  int writing_end() const { return writing_end_.get(); }
  void close_writing_end() { writing_end_.reset(); }

  // Readable when there is something to copy; -1 when nobody can write any more.
  int fd() const { return reading_end_.get(); }

  // Hands on what the pipe holds. Never blocks. All that was written before the call is handed on,
  // and not much more: a program may write without end.
  void drain(const std::function<void(std::string_view)>& hand_on);

 private:
  UniqueFd reading_end_;
  UniqueFd writing_end_;
};

}  // namespace gentle
