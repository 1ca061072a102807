#include "parts.h"

int never(int value) { return value > 0 ? pick(true, 1, 2) : 2; }
