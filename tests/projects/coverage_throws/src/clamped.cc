int clamped(int number) {
  if (number > 9) return 9;
  return number;
}
