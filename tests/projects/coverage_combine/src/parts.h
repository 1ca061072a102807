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

int arms(const std::string& word);
int loops(int times);
int never(int value);
