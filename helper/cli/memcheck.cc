#include "cli/memcheck.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/unique_fd.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr std::string_view kLogFile = "--log-file=";

std::vector<std::string> split_at_nul(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0, end; (end = text.find('\0', begin)) != std::string::npos;
       begin = end + 1) {
    words.push_back(text.substr(begin, end - begin));
  }
  return words;
}

// What valgrind has found in us so far is nothing that a project can mend.
void empty_log(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.rfind(kLogFile, 0) != 0 || word.find('%') != std::string::npos) continue;
    UniqueFd(::open(word.c_str() + kLogFile.size(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  }
}

}  // namespace

std::vector<std::string> memcheck_words(const std::vector<std::string>& real,
                                        const std::vector<std::string>& own) {
  if (real.size() <= own.size() || !std::equal(own.rbegin(), own.rend(), real.rbegin())) return {};
  std::vector<std::string> words(real.begin(), real.end() - static_cast<long>(own.size()));
  const std::string& program = words.front();
  if (program.substr(program.rfind('/') + 1).find("valgrind") == std::string::npos) return {};
  if (std::find(words.begin(), words.end(), "--trace-children=yes") != words.end()) return {};
  return words;
}

void leave_memcheck(const std::vector<std::string>& own) {
  // valgrind answers for /proc/self/cmdline what its client would see, and not for this one.
  const auto real = read_file_if_there("/proc/thread-self/cmdline");
  if (!real) return;
  const auto words = memcheck_words(split_at_nul(*real), own);
  if (words.empty()) return;
  const auto ctest = owning_ctest();
  if (!ctest || ctest->pid != ::getppid()) return;  // somebody looks for a bug of ours

  std::vector<std::string> command = own;
  if (own.size() > 1 && own[1] == "run") {
    std::vector<std::string> options;
    for (const std::string& word : words) {
      options.emplace_back("--memcheck");
      options.push_back(word);
    }
    command.insert(command.begin() + 2, options.begin(), options.end());
  }
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  empty_log(words);
  ::execv(program_of(::getpid()).c_str(), arguments.data());
  // It goes on below valgrind, as good as it can.
}

}  // namespace gentle
