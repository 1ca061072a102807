extern "C" int in_c(int value);

int main() {
  const int value = in_c(1);
  return value == 2 ? 0 : 1;
}
