// The one exception of the helper. The library throws it, the command line prints it once.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace gentle {

// Reads as `gentle: error: <operation> '<object>': <cause>`, then the notes (such as the last lines
// of a log), then one hint that names what to change. Empty parts are left out.
class Error : public std::exception {
 public:
  Error(std::string operation, std::string object, std::string cause);

  Error& hint(std::string text);
  Error& note(std::string line);
  Error& notes(std::vector<std::string> lines);
  Error& exit_code(int code);

  int exit_code() const { return exit_code_; }
  const std::string& cause() const { return cause_; }
  const std::string& hint() const { return hint_; }
  // The whole message, with a newline at its end.
  std::string message() const;
  const char* what() const noexcept override { return cause_.c_str(); }

 private:
  std::string operation_;
  std::string object_;
  std::string cause_;
  std::vector<std::string> notes_;
  std::string hint_;
  int exit_code_;
};

// The text of an errno value, the same on every thread and in every locale.
std::string errno_text(int errnum);

// An Error whose cause is errno.
Error errno_error(std::string operation, std::string object, int errnum);

}  // namespace gentle
