// Records what it was started with.
#include "record.h"

int main() { record(RECORD); }
