#include <functional>
#include <vector>

static int apply(const std::function<int(int)>& function, int n) { return function(n); }

int outer(int n) {
  int seen = 0;
  auto inner = [&seen, n](int m) {
    if (m > n) {
      ++seen;
      return m;
    }
    return [m, n] {
      for (int i = 0; i < m; ++i) {
        if (i == n) return i;
      }
      return m * n;
    }();
  };
  for (int i = 0; i < 4; ++i) seen += inner(i);
  auto generic = [](auto a, auto b) { return a < b ? static_cast<int>(b) : static_cast<int>(a); };
  seen += generic(1, 2) + generic(2.5, 1.0);
  return seen;
}
int first() { return 1; } int second(int n) { if (n) return 2; return 3; } int third() { return 4; }

int never(int n) { return n ? outer(n) : 0; }

struct Counter {
  std::vector<std::function<int(int)>> steps = {[](int n) { return n + 1; }, [](int n) { return n * 2; }};
  int run(int n) const { for (const auto& step : steps) n = step(n); return n; }
};

int main() {
  auto a = [](int n) { return n; }; auto b = [](int n) { return n ? n + 1 : n - 1; };
  const int n = apply([](int m) { return m * 3; }, 4) + outer(2) + first() + second(1) + a(1) + b(2);
  Counter counter;
  return n + counter.run(3) > 0 ? 0 : 1;
}
