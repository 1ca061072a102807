int never(int x) {
  if (x > 0) {  // counts: never
    return 1;
  }
  return 0;  // GCOVR_EXCL_LINE
}
