// What is compiled into several objects, in several instances.
#pragma once

#include <stdexcept>
#include <string>

template <typename T>
T larger(T a, T b) {
  if (a > b) return a;
  return b;
}

inline int checked(int number) {
  if (number < 0) throw std::invalid_argument("below zero");
  return number;
}

// For the linker it has two constructors: one for itself, one for what is derived from it.
struct Base {
  virtual ~Base() = default;
};
struct Named : virtual Base {
  explicit Named(const std::string& text) : name(text) {
    if (name.empty()) name = "nobody";
  }
  std::string name;
};
struct Derived : Named {
  Derived() : Named("") {}
};

int overloaded(int a, int b);
int overloaded(int a, char b);
int reached();
int excluded();
int never_run(int number);
