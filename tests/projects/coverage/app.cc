#include <cstdlib>
#include <iostream>

#include "shared.h"

int compute(int value);
void may_throw(int value);
int marked(int value);
int plugged(int value);

int main(int argc, char** argv) {
  const int value = argc > 1 ? std::atoi(argv[1]) : 0;
  try {
    std::cout << compute(value) << plugged(value) << clamped(40) << marked(value) << '\n';
    may_throw(value);
  } catch (const std::exception& error) {
    std::cerr << error.what();
    return 1;
  }
  return 0;
}
