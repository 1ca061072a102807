// logs <what>...: writes to its log, in this order, then waits for SIGINT.
//   gate:<path>      waits until this gate opens
//   huge:<MiB>       so many MiB without a newline
//   pieces:<bytes>   so many bytes without a newline, one write each
//   lines:<count>    so many lines
//   filled:<MiB>     so many MiB of lines of 64 bytes, many in each write
//   stderr:<text>    to standard error
//   exit:<code>      and it is over
//   <text>           as it stands; \n, \r, \0 and \xFF mean these bytes
#include <string>

#include "service.h"

namespace {

void put(int fd, const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t put = ::write(fd, text, size);
    if (put < 0) fail("write");
    text += put;
    size -= static_cast<std::size_t>(put);
  }
}

std::string unescaped(const char* text) {
  std::string result;
  for (; *text != '\0'; ++text) {
    if (*text != '\\') {
      result += *text;
    } else if (*++text == 'x') {
      result += static_cast<char>(std::strtol(std::string(text + 1, 2).c_str(), nullptr, 16));
      text += 2;
    } else {
      result += *text == 'n' ? '\n' : *text == 'r' ? '\r' : '\0';
    }
  }
  return result;
}

void fill(int mebibytes) {
  static long line = 0;
  while (mebibytes-- > 0) {
    std::string lines;
    while (lines.size() < 1U << 20) {
      lines += "line " + std::to_string(++line) + " ";
      lines.resize(lines.size() | 63, '.');
      lines += '\n';
    }
    put(1, lines.data(), lines.size());
  }
}

void do_one(const char* what) {
  const char* colon = std::strchr(what, ':');
  const std::string kind = colon != nullptr ? std::string(what, colon) : "";
  if (kind == "gate") {
    wait_at(colon + 1);
  } else if (kind == "huge") {
    const std::string mebibyte(1U << 20, 'x');
    for (int i = std::atoi(colon + 1); i > 0; --i) put(1, mebibyte.data(), mebibyte.size());
  } else if (kind == "pieces") {
    for (int i = std::atoi(colon + 1); i > 0; --i) put(1, "x", 1);
  } else if (kind == "filled") {
    fill(std::atoi(colon + 1));
  } else if (kind == "exit") {
    std::exit(std::atoi(colon + 1));
  } else if (kind == "lines") {
    for (int i = 1; i <= std::atoi(colon + 1); ++i) say("line %d\n", i);
  } else {
    const std::string text = unescaped(kind == "stderr" ? colon + 1 : what);
    put(kind == "stderr" ? 2 : 1, text.data(), text.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  end_on_sigint();
  for (int i = 1; i < argc; ++i) do_one(argv[i]);
  wait_for_signals();
}
