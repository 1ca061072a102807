#include <string>

#include "parts.h"

namespace {
int local(int value) { return value > 1 ? 1 : 0; }
}  // namespace

int main(int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  if (word == "local") return local(argc) - 1;
  if (word == "many") return loops(9) < 1000 ? 0 : 1;
  if (word == "none") return loops(0) > 0 ? 0 : 1;
  return arms(word) > 0 ? 0 : 1;
}
