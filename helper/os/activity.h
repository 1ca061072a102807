// Whether a process does anything: what can be proved of one that sleeps.
#pragma once

#include <cstdint>
#include <optional>

namespace gentle {

// How often its threads have been put to sleep or set aside so far. The same number twice: in
// between it has executed nothing, no handler of a signal either. Nothing: one of them runs or is
// about to, a signal waits for it, or nobody may know.
std::optional<std::uint64_t> sleeps_of(int pid);

// Whether it sleeps until a child of its ends or a signal comes that it does not block: there is
// nothing else that could wake one of its threads, no timer and no input.
bool only_waits_for_children(int pid);

}  // namespace gentle
