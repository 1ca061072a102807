// `ctest -T MemCheck` puts valgrind before each test's command, which is `gentle`. What it shall
// look at is the program of the test.
#pragma once

#include <string>
#include <vector>

namespace gentle {

// The words of valgrind's command that stand before ours; none, if this is not what `real`, the
// command line as the kernel has it, holds, or if valgrind follows children by itself.
std::vector<std::string> memcheck_words(const std::vector<std::string>& real,
                                        const std::vector<std::string>& own);

// Where ctest has started us below valgrind: executes this program again, without it, which `gentle
// run` then puts before the test's command (--memcheck). Returns where there is nothing to do.
void leave_memcheck(const std::vector<std::string>& own);

}  // namespace gentle
