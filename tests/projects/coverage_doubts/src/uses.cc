#include <cstdio>

int only_y(int value);

int main() {
  std::puts(NAME);
  return only_y(1) - 2;
}
