// The calls by which the runtimes of a process write its counts: we write in their place. Then it
// does not matter what the process has made of its environment, its root folder, its rights or its
// limits; nothing is written anywhere else; and the counters in its memory are always its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "coverage/image/image_cache.h"
#include "coverage/keep/instrumented_images.h"
#include "coverage/keep/remains.h"
#include "os/tracer.h"

namespace gentle {

// Where a process with these images has to be stopped: where one of them writes, and where another
// may have been loaded.
std::vector<CodePlace> writing_calls(const InstrumentedImages& images);

struct WritingCall {
  CallFate fate = CallFate::kReturns;
  // Nothing is written, but there may be other images: where it has to be stopped from now on.
  std::optional<std::vector<CodePlace>> places;
  std::shared_ptr<const InstrumentedImages> images;  // if there may be others
  // What the image would write, and its place; none if it has written before.
  Remains remains;
  std::set<std::uint64_t> taken;
};

// A call at one of these places. What is read is marked as written in the process. Throws Error if
// it cannot be read: then the runtime has to write by itself.
// `known`: all that the process has loaded, or nullptr if that is not known.
WritingCall read_writing_call(const Tracer::Call& call, const InstrumentedImages* known,
                              ImageCache& cache, RescueBudget& budget);

// Whether the process stops whenever a library is loaded or unloaded: until then these are all.
bool tells_of_libraries(const Tracer& tracer, int pid, const InstrumentedImages& images);

}  // namespace gentle
