#include <cstdio>

#ifdef WRONG_CODE
#error this helper cannot be compiled
#endif

int main() { std::puts("gentle " VERSION); }
