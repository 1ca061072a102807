#include "../counted/shared.h"

extern "C" int plug(int value) { return value > 3 ? in_each(value) : larger(value, 1); }
