// Loses ten bytes. Fails unless GREETING is its argument.
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  char* volatile lost = static_cast<char*>(std::malloc(10));
  lost[3] = 1;
  lost = nullptr;
  const char* greeting = std::getenv("GREETING");
  return argc > 1 && (greeting == nullptr || std::strcmp(greeting, argv[1]) != 0) ? 1 : 0;
}
