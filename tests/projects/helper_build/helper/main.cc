#include <cstdio>

#ifdef WRONG_CODE
#error this helper cannot be compiled
#endif

#ifdef WRONG_LINK
void nowhere();
#else
void nowhere() {}
#endif

int main() {
  std::puts("gentle " VERSION);
  nowhere();
}
