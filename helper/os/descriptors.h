#pragma once

#include <cstddef>
#include <vector>

namespace gentle {

// Closes every descriptor from 3 up but the kept ones, which become close-on-exec. ctest leaks its
// own to tests (LastTest.log.tmp as 3), and a service must not hold them for its whole life.
void close_inherited_descriptors(const std::vector<int>& kept);

// From `first` to `last`; safe in a signal handler. False: only Linux 5.9 and newer can.
bool close_range_of_descriptors(int first, int last);

// How many descriptors this process may have (setrlimit(2)).
std::size_t most_descriptors();

// Gives standard input, output and error a descriptor each where the caller has closed them: the
// next file that is opened would else become one of them, and what is printed would go there.
void occupy_standard_descriptors();

// Whether it is a pipe that nobody reads any more.
bool is_pipe_without_reader(int fd);

}  // namespace gentle
