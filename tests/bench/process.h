// Starting a program and seeing its end, at the least cost.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

std::int64_t now_ns();  // CLOCK_MONOTONIC

struct Run {
  std::int64_t began = 0;  // just before the start
  std::int64_t ended = 0;  // when its end was seen
  double cpu_seconds = 0;  // of it and of all that it waited for

  double ms() const { return static_cast<double>(ended - began) / 1e6; }
};

// Runs a program, its output going to the file `log`, and waits. Throws std::runtime_error unless
// it ends with 0.
Run run(const std::vector<std::string>& command, const std::string& log = "/dev/null");
