#include "base/error.h"

#include <cstring>

#include "base/exit_code.h"

namespace gentle {

Error::Error(std::string operation, std::string object, std::string cause)
    : operation_(std::move(operation)),
      object_(std::move(object)),
      cause_(std::move(cause)),
      exit_code_(kExitOwnFailure) {}

Error& Error::hint(std::string text) {
  hint_ = std::move(text);
  return *this;
}

Error& Error::note(std::string line) {
  notes_.push_back(std::move(line));
  return *this;
}

Error& Error::notes(std::vector<std::string> lines) {
  for (std::string& line : lines) notes_.push_back(std::move(line));
  return *this;
}

Error& Error::exit_code(int code) {
  exit_code_ = code;
  return *this;
}

std::string Error::message() const {
  std::string text = "gentle: error: " + operation_;
  if (!object_.empty()) text += " '" + object_ + "'";
  text += ": " + cause_ + "\n";
  for (const std::string& line : notes_) text += line + "\n";
  if (!hint_.empty()) text += "hint: " + hint_ + "\n";
  return text;
}

std::string errno_text(int errnum) { return std::strerror(errnum); }

Error errno_error(std::string operation, std::string object, int errnum) {
  return {std::move(operation), std::move(object), errno_text(errnum)};
}

}  // namespace gentle
