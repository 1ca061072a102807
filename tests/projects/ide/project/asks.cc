#include <cstdlib>
#include <iostream>
#include <string>

std::string value_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "none" : value;
}

int main(int argc, char** argv) {
  const std::string seen =
      value_of("API_PORT") + " " + value_of("CART_PORT") + " " + value_of("GREETING");
  const char* text = seen.c_str();
  std::cout << text << '\n';  // break here
  return argc > 1 && argv[argc - 1] == value_of("NO_SUCH") ? 1 : 0;
}
