// What was measured, and the table that shows it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

// Measured values of one thing, in one unit.
class Samples {
 public:
  void add(double value) { values_.push_back(value); }
  bool empty() const { return values_.empty(); }

  // The value that `share` (0 to 1) of all values do not exceed; 0.5 is the median.
  double at(double share) const {
    std::vector<double> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
  }

 private:
  std::vector<double> values_;
};

// One row a thing: its median, the value that 95 % do not exceed, and, where a limit is set, the
// limit and how much of it the median takes.
class Table {
 public:
  static void heading(const std::string& text, const char* limit = "wanted") {
    std::printf("\n%-58s %10s %10s %10s %8s\n", text.c_str(), "median", "95 %", limit, "of it");
  }

  static void row(const std::string& what, const Samples& samples, const std::string& unit,
                  double wanted = 0) {
    if (samples.empty()) {
      std::printf("  %-56s %10s\n", what.c_str(), "not asked");
      return;
    }
    std::printf("  %-56s %10s %10s", what.c_str(), number(samples.at(0.5), unit).c_str(),
                number(samples.at(0.95), unit).c_str());
    if (wanted > 0) {
      std::printf(" %10s %6.0f %%", number(wanted, unit).c_str(), 100 * samples.at(0.5) / wanted);
    }
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  static std::string number(double value, const std::string& unit) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f %s", value < 9.995 ? 2 : 1, value, unit.c_str());
    return text;
  }
};
