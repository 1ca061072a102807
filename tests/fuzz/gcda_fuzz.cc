// .gcda files: any bytes are read without harm, and what is read is written and added up right.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "coverage/gcov/gcda.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(gentle::fuzz::text(data, size));
  try {
    const gentle::Gcda read = gentle::parse_gcda(bytes, "a.gcda");
    const std::string written = gentle::serialize(read);
    require(gentle::parse_gcda(written, "again") == read, "what is written is read the same");
    require(written.size() <= bytes.size(), "nothing is made up");
    gentle::Gcda twice = read;
    gentle::merge(twice, read, "twice");
    require(twice.counters.size() == read.counters.size(), "a sum has as many counters");
    require(gentle::parse_gcda(gentle::serialize(twice), "sum") == twice, "a sum can be written");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
