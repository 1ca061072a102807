#include "pick.h"

int main() {
#ifdef WIDE
  return pick(grow(1), 3);
#else
  return pick(grow(1));
#endif
}
