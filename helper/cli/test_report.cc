#include "cli/test_report.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "cli/print.h"
#include "model/variables.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kLongestName = 200;  // NAME_MAX less what we add

std::string file_name(std::string test) {
  std::replace(test.begin(), test.end(), '/', '_');
  return test.substr(0, kLongestName) + ".txt";
}

}  // namespace

TestReport::TestReport(const Spec& service, const std::string& test, std::string skipped_by)
    : path_(tests_dir(service) + "/" + file_name(test.empty() ? "unnamed" : test)),
      skipped_by_(std::move(skipped_by)) {
  ::unlink(path_.c_str());
}

bool TestReport::is_harmless(const std::string& text) const {
  return path_.empty() || (!skipped_by_.empty() && text.find(skipped_by_) == std::string::npos);
}

void TestReport::say(const std::string& text) {
  if (is_harmless(text)) {
    print(stderr, text);
  } else {
    said_ += text;
    write(text);
  }
}

// A file that cannot be written is no reason to change what becomes of the test.
void TestReport::write(const std::string& text) {
  try {
    if (!file_) {
      make_folders(path_.substr(0, path_.find_last_of('/')), 0700);
      file_ = open_own_file(path_);
    }
    std::size_t written = 0;
    while (written < text.size()) {
      const ssize_t got = ::write(file_.get(), text.data() + written, text.size() - written);
      if (got <= 0) return;
      written += static_cast<std::size_t>(got);
    }
  } catch (const Error&) {
  }
}

void TestReport::verdict_is_certain() {
  if (path_.empty()) return;
  path_.clear();
  print(stderr, said_);
}

std::string said_by_tests(const Spec& service) {
  std::string text;
  for (const std::string& name : entries_of(tests_dir(service))) {
    const std::string path = tests_dir(service) + "/" + name;
    const auto said = read_file_if_there(path);
    if (said)
      text += "--- not in the output of its test, which CTest matches: " + path + "\n" + *said;
  }
  return text;
}

}  // namespace gentle
