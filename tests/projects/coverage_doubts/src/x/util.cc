static int same(int value) {
  if (value > 3) return value * 2;
  return value;
}

int only_x(int value) { return same(value); }
