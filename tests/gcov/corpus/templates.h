#pragma once
#include <stdexcept>
#include <string>
#include <vector>

// Lines of a header are counted in each unit that uses them.
inline int in_header(int n) {
  if (n > 3) return n;
  return n < 0 ? -n : 2 * n;
}

template <typename T>
T largest(const std::vector<T>& items) {
  if (items.empty()) throw std::out_of_range("empty");
  T best = items[0];
  for (const T& item : items) {
    if (best < item) best = item;
  }
  return best;
}

template <typename T> T twice(T item) { return item + item; }

template <int N>
struct Tower {
  static int height() { return N > 5 ? 1 + Tower<N - 1>::height() : Tower<N - 1>::height(); }
};
template <>
struct Tower<0> {
  static int height() { return 0; }
};

class Base {
 public:
  explicit Base(int n) : n_(n) {
    if (n == 13) throw std::runtime_error("unlucky");
  }
  virtual ~Base() = default;
  virtual int value() const { return n_; }

 private:
  int n_;
};
class Derived : public Base {
 public:
  using Base::Base;
  int value() const override { return Base::value() + 1; }
  std::string text = "a text that is too long for the small buffer of a string";
};
