int in_c(int value);

int in_c(int value) {
  return value + 1;
}
