int part(int value) {
  if (value % 2 == 0) {
    return 0;
  }
  return 1;
}

int never(int value) {
  if (value > 3) {
    return value;
  }
  return -value;
}
