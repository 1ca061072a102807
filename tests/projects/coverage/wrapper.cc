int compute(int value);

int wrapped(int value) { return compute(value); }
