#include <unistd.h>

#include "client.h"
#include "work.h"

int main() {
  request(2);
  work(1000);  // counts: hangs
  for (;;) ::pause();
}
