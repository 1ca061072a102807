int unused(int n) {
  const int result = n + 1;
  return result;
}
