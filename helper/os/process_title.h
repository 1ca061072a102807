// What `ps` shows of a process that goes on as something else than it was started as.
#pragma once

#include <initializer_list>
#include <string>

namespace gentle {

// The words that main() was given: their memory is what the kernel shows, proc(5) of cmdline.
void keep_for_title(int argc, char** argv);

// Shows `words` instead of them, which may be lost. Words that need more room than those had change
// nothing: behind them stands the environment.
void set_process_title(std::initializer_list<std::string> words);

}  // namespace gentle
