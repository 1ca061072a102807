// work() where everything is linked to the program.
#include "work.h"

int work(int n) { return first_work(n) + second_work(n) + third_work(n); }
