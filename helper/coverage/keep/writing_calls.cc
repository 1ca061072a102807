#include "coverage/keep/writing_calls.h"

#include <algorithm>

#include "coverage/gcov/gcov_counters.h"
#include "coverage/llvm/llvm_counters.h"

namespace gentle {
namespace {

// Each copy of libgcov has one root; of several in an image nobody knows which function is whose.
bool is_ours_to_write(const LoadedImage& image, RuntimeFunction function) {
  switch (function) {
    case RuntimeFunction::kGcovExit:
      return image.elf->gcov_roots.size() == 1;
    case RuntimeFunction::kGcovDumpOne:
      return true;
    case RuntimeFunction::kLlvmWriteFile:
      return image.elf->llvm.counters && image.elf->llvm.dumped;
    case RuntimeFunction::kLibrariesLoaded:
      return true;
  }
  return false;
}

struct CalledFunction {
  LoadedImage image;
  RuntimeFunction function;
};

CalledFunction function_at(std::uint64_t address, const InstrumentedImages& images) {
  for (const LoadedImage& image : images.loaded) {
    for (const ElfFunction& function : image.elf->functions) {
      if (image.bias + function.symbol.address == address) return {image, function.function};
    }
  }
  throw Error("read coverage counters of", "a call", "its program is not known");
}

// __gcov_dump_one writes the root that it is called with, which may be that of another image.
GcovImage written_image(const CalledFunction& called, std::uint64_t argument,
                        const InstrumentedImages& images) {
  if (called.function == RuntimeFunction::kGcovExit) {
    return {called.image, called.image.elf->gcov_roots.front()};
  }
  for (const GcovImage& image : images.gcov) {
    if (image.loaded.bias + image.root.address == argument) return image;
  }
  throw Error("read coverage counters of", called.image.path, "what is written is not known");
}

// Several calls, or processes, may share the counters: what the next one finds has to be new.
void read_gcov(const ProcessMemory& memory, const CalledFunction& called, const GcovImage& written,
               bool shared, WritingCall& call) {
  const LoadedImage& image = written.loaded;
  const ElfSymbol& root = written.root;
  // __gcov_exit has more to do, but not in a child that has only borrowed the memory.
  const bool runs = called.function == RuntimeFunction::kGcovExit && !shared;
  call.fate = runs ? CallFate::kRuns : CallFate::kReturns;
  if (read_gcov_state(memory, image.bias, root).dumped) return;
  GcovRemains found;
  found.is_program = image.is_program;
  found.adds = true;
  found.counters = read_gcov_counters(memory, *image.elf, image.bias, root);
  if (shared) {
    restart_gcov_counters(memory, image.bias, root, found.counters.ranges);
  } else {
    mark_gcov_written(memory, image.bias, root);
  }
  call.taken.insert(image.bias + root.address);
  if (!found.counters.objects.empty()) call.remains.gcov.push_back(std::move(found));
}

void read_llvm(const ProcessMemory& memory, const CalledFunction& called, bool shared,
               WritingCall& call) {
  const LoadedImage& image = called.image;
  if (shared) return;
  call.remains.llvm.push_back({read_llvm_profile(memory, *image.elf, image.bias), {}});
  call.remains.llvm_images.insert(image.path);
  // Another call shall not write it once more.
  reset_llvm_counters(memory, *image.elf, image.bias);
  mark_llvm_written(memory, *image.elf, image.bias);
  call.taken.insert(image.bias + image.elf->llvm.counters->address);
}

// To look at all libraries again at each dlopen takes as long as loading one: an interpreter that
// loads hundreds is let alone, once its own libraries are there, if nothing of them counts.
bool needs_no_more_news(const InstrumentedImages& images) {
  constexpr std::size_t kBeforeLibraries = 2;  // the program and its loader
  return images.none() && images.unreadable.empty() && images.mapped_programs > kBeforeLibraries;
}

}  // namespace

std::vector<CodePlace> writing_calls(const InstrumentedImages& images) {
  std::vector<CodePlace> places;
  for (const LoadedImage& image : images.loaded) {
    for (const ElfFunction& function : image.elf->functions) {
      if (!is_ours_to_write(image, function.function)) continue;
      places.push_back({image.bias + function.symbol.address, function.code});
    }
  }
  return places;
}

namespace {

WritingCall read_call(const Tracer::Call& call, const InstrumentedImages& images,
                      RescueBudget& budget) {
  const ProcessMemory memory(call.thread, &budget);
  const CalledFunction called = function_at(call.function.address, images);
  const bool shared = call.memory_owner != call.pid;
  WritingCall read;
  read.remains.instrumented = true;
  switch (called.function) {
    case RuntimeFunction::kGcovExit:
    case RuntimeFunction::kGcovDumpOne:
      read_gcov(memory, called, written_image(called, call.function.argument, images), shared,
                read);
      break;
    case RuntimeFunction::kLlvmWriteFile:
      read_llvm(memory, called, shared, read);
      break;
    case RuntimeFunction::kLibrariesLoaded:
      read.places = writing_calls(images);
      if (needs_no_more_news(images)) read.fate = CallFate::kRuns;
  }
  return read;
}

bool is_news(const Tracer::Call& call, const InstrumentedImages& known) {
  return function_at(call.function.address, known).function == RuntimeFunction::kLibrariesLoaded;
}

}  // namespace

WritingCall read_writing_call(const Tracer::Call& call, const InstrumentedImages* known,
                              ImageCache& cache, RescueBudget& budget) {
  try {
    if (known != nullptr && !is_news(call, *known)) return read_call(call, *known, budget);
  } catch (const OverBudget&) {
    throw;
  } catch (const Error&) {
    // Something of it is not there any more.
  }
  const ProcessMemory memory(call.thread, &budget);
  const auto images = std::make_shared<const InstrumentedImages>(
      find_instrumented_images(call.thread, memory, cache));
  WritingCall read = read_call(call, *images, budget);
  read.images = images;
  return read;
}

bool tells_of_libraries(const Tracer& tracer, int pid, const InstrumentedImages& images) {
  if (!images.unreadable.empty()) return false;
  return std::any_of(images.loaded.begin(), images.loaded.end(), [&](const LoadedImage& image) {
    return std::any_of(image.elf->functions.begin(), image.elf->functions.end(),
                       [&](const ElfFunction& function) {
                         return function.function == RuntimeFunction::kLibrariesLoaded &&
                                tracer.stops_at(pid, image.bias + function.symbol.address);
                       });
  });
}

}  // namespace gentle
