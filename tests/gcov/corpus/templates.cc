#include "templates.h"

#include <algorithm>
#include <map>
#include <memory>

namespace {
struct Local {
  ~Local() { ++ended; }
  static int ended;
};
int Local::ended = 0;
const std::string global = std::string("made ") + "before main";
}  // namespace

template <typename... T>
int sum(T... items) { return (0 + ... + items); }

template <typename T>
int many_on_one_line(T n) { int s = 0; for (T i = 0; i < n; ++i) { for (T j = 0; j < i; ++j) { if (j % 3) continue; s += static_cast<int>(j); } } return s; }

int main(int argc, char**) {
  Local local;
  int result = largest(std::vector<int>{1, 5, 2}) + static_cast<int>(largest(std::vector<double>{2.5, 1}));
  try {
    result += largest(std::vector<long>{});
  } catch (const std::out_of_range& error) {
    result += static_cast<int>(std::string(error.what()).size());
  }
  result += twice(3) + static_cast<int>(twice(1.5)) + static_cast<int>(twice(std::string("ab")).size());
  result += Tower<9>::height() + sum(1, 2, 3) + sum(argc) + sum();
  result += many_on_one_line(9) + many_on_one_line(4L);
  std::vector<std::unique_ptr<Base>> all;
  for (int i = 11; i < 15; ++i) {
    try {
      if (i % 2 != 0) all.push_back(std::make_unique<Derived>(i)); else all.push_back(std::make_unique<Base>(i));
    } catch (const std::exception&) { result += 100; }
  }
  std::map<std::string, int> names;
  for (const auto& one : all) names[one->value() > 12 ? "large" : "small"] += one->value();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->value() > b->value(); });
  for (const auto& [name, value] : names) result += value + in_header(static_cast<int>(name.size()));
  return result + static_cast<int>(global.size()) > 0 ? 0 : 1;
}
