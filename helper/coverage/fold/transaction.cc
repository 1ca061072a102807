#include "coverage/fold/transaction.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::string_view kHeader = "gentle-transaction 1";
constexpr std::string_view kReplace = "replace";
constexpr std::string_view kRemove = "remove";
constexpr std::string_view kEnd = "end";

std::string draft_of(const std::string& path) { return path + ".new"; }

struct Plan {
  std::vector<std::string> replaced;
  std::vector<std::string> removed;
};

// Words that end with a zero byte: paths may hold anything else.
void append(std::string& text, std::string_view word) {
  text += word;
  text += '\0';
}

std::string to_text(const Plan& plan) {
  std::string text;
  append(text, kHeader);
  append(text, kReplace);
  for (const std::string& path : plan.replaced) append(text, path);
  append(text, kRemove);
  for (const std::string& path : plan.removed) append(text, path);
  append(text, kEnd);
  return text;
}

// Nothing of a text that a power cut has left.
std::optional<Plan> parse_plan(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    words.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (words.size() < 4 || words[0] != kHeader || words[1] != kReplace || words.back() != kEnd) {
    return std::nullopt;
  }
  Plan plan;
  auto* list = &plan.replaced;
  for (std::size_t i = 2; i + 1 < words.size(); ++i) {
    if (words[i] == kRemove) {
      list = &plan.removed;
    } else if (!words[i].starts_with('/')) {
      return std::nullopt;
    } else {
      list->emplace_back(words[i]);
    }
  }
  return list == &plan.removed ? std::optional(plan) : std::nullopt;
}

// It may have been done in part before. What replaces comes first: what it was made of must not be
// gone before it is there.
std::vector<Transaction::NotRemoved> carry_out(const Plan& plan, const std::string& log) {
  for (const std::string& path : plan.replaced) {
    if (std::rename(draft_of(path).c_str(), path.c_str()) != 0 && errno != ENOENT) {
      throw errno_error("write", path, errno);
    }
  }
  std::vector<Transaction::NotRemoved> left;
  for (const std::string& path : plan.removed) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) left.push_back({path, errno_text(errno)});
  }
  remove_tree(log);
  return left;
}

}  // namespace

Transaction::~Transaction() {
  if (is_written_down_) return;
  for (const std::string& path : replaced_) ::unlink(draft_of(path).c_str());
}

void Transaction::replace(const std::string& path, std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    replaced_.push_back(path);
  }
  write_file(draft_of(path), bytes);
}

void Transaction::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  removed_.push_back(path);
}

std::vector<Transaction::NotRemoved> Transaction::commit() {
  const Plan plan{replaced_, removed_};
  if (plan.replaced.empty() && plan.removed.empty()) return {};
  write_file_atomically(log_, to_text(plan));
  is_written_down_ = true;
  return carry_out(plan, log_);
}

void Transaction::finish(const std::string& log) {
  const auto text = read_file_if_there(log);
  if (!text) return;
  if (const auto plan = parse_plan(*text)) {
    carry_out(*plan, log);
  } else {
    remove_tree(log);
  }
}

}  // namespace gentle
