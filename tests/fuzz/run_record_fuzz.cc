// What another machine has sent: any bytes give a record that can be counted and written again, or
// an error, in bounded time.
#include <cstdint>
#include <string>

#include "base/content_hash.h"
#include "base/error.h"
#include "coverage/combine/run_record.h"
#include "coverage/combine/tracefile_table.h"
#include "fuzz.h"

namespace {

using gentle::fuzz::require;

template <typename Read>
void expect_value_or_error(Read&& read) {
  try {
    read();
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

// Behind the right hash, which a fuzzer does not find.
std::string with_hash(const std::string& body) {
  std::string text = "gentle-run 4\n" + body;
  std::uint64_t hash = gentle::content_hash(text);
  std::string digits(16, '0');
  for (std::size_t i = digits.size(); i > 0; --i, hash >>= 4U) {
    digits[i - 1] = "0123456789abcdef"[hash & 0xfU];
  }
  return text + digits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(gentle::fuzz::text(data, size));
  expect_value_or_error([&] { gentle::read_run_record(text, "r"); });
  expect_value_or_error([&] {
    const gentle::RunRecord record = gentle::read_run_record(with_hash(text), "r");
    const std::string written = record.text();
    require(gentle::read_run_record(written, "r").text() == written, "what is written is read");
    record.count();
  });
  expect_value_or_error([&] { gentle::read_tracefile(text, "t.json"); });
  return 0;
}
