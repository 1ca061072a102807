// Code that lands in several units: inline, templates, a destructor that exceptions run.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

inline int clamped(int value) {
  if (value > 10) return 10;
  return value;
}

template <class T>
T sum(const std::vector<T>& values) {
  T total{};
  for (const auto& value : values) {
    if (value < T{}) {
      throw std::runtime_error("negative");
    }
    total += value;
  }
  return total;
}

struct Guard {
  explicit Guard(std::string text) : name(std::move(text)) {}
  ~Guard() { name.clear(); }
  std::string name;
};

template <class T>
struct Partly {
  int used() { return 1; }
  int unused() { return 2; }
};

inline int only_in_never_run(int value) { return value + 1; }
