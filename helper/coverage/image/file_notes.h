// What was found out about files, for all processes of a build: a test runs the same program and
// loads the same libraries as the one before. A file that is written anew is another one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gentle {

class FileNotes {
 public:
  // For this process alone.
  FileNotes() = default;
  // Kept in this file, of the user's own.
  explicit FileNotes(std::string path) : path_(std::move(path)) {}
  FileNotes(const FileNotes&) = delete;
  FileNotes& operator=(const FileNotes&) = delete;
  ~FileNotes();

  // What is noted of a file, by its file_version(). Nothing is noted of "", which is no file.
  std::optional<std::string> find(const std::string& version, std::string_view what);
  // `what` is one word, `text` one line.
  void add(const std::string& version, std::string_view what, std::string_view text);

 private:
  std::string& notes();

  std::string path_;                  // "": none
  std::optional<std::string> notes_;  // "\n", and a line each: <version><what> <text>
  std::string news_;
};

}  // namespace gentle
