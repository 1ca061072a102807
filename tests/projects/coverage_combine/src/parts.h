// Code of which one part of a run executes one side, and another part the other.
#pragma once

#include <stdexcept>
#include <string>

template <typename T>
T pick(bool left, T a, T b) {
  return left ? a : b;
}

inline int checked(int value) {
  if (value > 100 || value < -100) throw std::out_of_range("checked");
  return value;
}

// Each file has its own: what one has shown of its terms the other has not.
static bool is_between(int low, int value, int high) { return low < value && value < high; }

int arms(const std::string& word);
int loops(int times);
int never(int value);
