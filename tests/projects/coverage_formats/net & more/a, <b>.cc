#include "../parts.h"

namespace {

int twice(int number) { return 2 * number; }

}  // namespace

int reached() {
  const auto count = [](int number) { return number > 1 ? twice(number) : number; };
  const Named named("a");
  const Derived derived;
  return count(checked(3)) + static_cast<int>(larger<unsigned long>(named.name.size(), 2));
}
