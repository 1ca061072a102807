int part(int value);

int main() {
  int odd = 0;
  for (int i = 0; i < 10; ++i) {
    if (part(i) == 1) {
      ++odd;
    }
  }
  return odd == 5 ? 0 : 1;
}
