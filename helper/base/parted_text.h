// A text that is too large to be held: who writes it appends to its last part, and full parts go
// on to a file.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace gentle {

using TextSink = std::function<void(std::string_view part)>;

class PartedText {
 public:
  static constexpr std::size_t kPart = std::size_t{64} << 10U;

  explicit PartedText(TextSink sink) : sink_(std::move(sink)) {}

  // To append to, a line or a name at a time: ask again before each. It is always the same string.
  std::string& part() {
    if (part_.size() >= kPart) pass_on();
    return part_;
  }
  // When all of the text is there.
  void end() { pass_on(); }

 private:
  void pass_on() {
    sink_(part_);
    part_.clear();
  }

  TextSink sink_;
  std::string part_;
};

// What `write` writes, for whoever wants it whole.
template <typename Write>
std::string whole_text(const Write& write) {
  std::string all;
  PartedText text([&all](std::string_view part) { all += part; });
  write(text);
  text.end();
  return all;
}

}  // namespace gentle
