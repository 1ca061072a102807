// Has no function that is counted.
#include <unistd.h>

__attribute__((no_profile_instrument_function)) int main() {
  char byte = '!';
  if (::write(STDOUT_FILENO, &byte, 1) != 1) return 100;
  return ::read(STDIN_FILENO, &byte, 1) == 0 ? 0 : 101;
}
