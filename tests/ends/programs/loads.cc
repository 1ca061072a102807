// work() with two libraries that the program loads: the first one anew each time, the second one
// once. Both are loaded when the program ends.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

#include "work.h"

namespace {

using Work = int (*)(int);

void* first = nullptr;
void* second = nullptr;

void expect(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s: %s\n", what, ::dlerror());
  std::abort();
}

void* load(const char* path) {
  void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  expect(library != nullptr, path);
  return library;
}

void unload(void* library, const char* path) {
  expect(::dlclose(library) == 0, path);
  expect(::dlopen(path, RTLD_NOW | RTLD_NOLOAD) == nullptr, "it was not unloaded");
}

int call(void* library, const char* function, int n) {
  void* found = ::dlsym(library, function);
  expect(found != nullptr, function);
  return reinterpret_cast<Work>(found)(n);
}

}  // namespace

int work(int n) {
  if (first != nullptr) unload(first, FOLDER "/libfirst.so");
  first = load(FOLDER "/libfirst.so");
  if (second == nullptr) second = load(FOLDER "/libsecond.so");
  return call(first, "first_work", n) + call(second, "second_work", n) + third_work(n);
}
