// Every decision is taken both ways. What no run takes are the ways of exceptions.
int clamped(int number);

struct Guard {
  int& uses;
  explicit Guard(int& counter) : uses(counter) {}
  ~Guard() { ++uses; }
};

int main() {
  int uses = 0;
  const Guard guard(uses);
  int sum = 0;
  for (int i = 8; i < 12; ++i) {
    sum += clamped(i);
  }
  return sum - 35;
}
