static int same(int value) { return value + 1; }

int only_y(int value) { return same(value); }
