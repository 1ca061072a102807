#include "coverage/keep/container_client.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

// Not podman and bwrap, of which the container descends.
constexpr std::string_view kClients[] = {"docker",        "docker-compose", "nerdctl",
                                         "podman-remote", "crictl",         "kubectl"};

constexpr std::size_t kLargestCommandLine = std::size_t{8} << 20;

std::string text_of_arguments(int pid) {
  try {
    std::string words =
        read_file_if_there("/proc/" + std::to_string(pid) + "/cmdline", kLargestCommandLine)
            .value_or("");
    return words.erase(0, words.find('\0'));
  } catch (const Error&) {
    return "";  // it belongs to another user
  }
}

}  // namespace

bool is_container_client(std::string_view program) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  return std::find(std::begin(kClients), std::end(kClients), name) != std::end(kClients);
}

std::string why_container_unseen(int pid, const std::string& program,
                                 const std::string& build_dir) {
  if (!is_container_client(program) || build_dir.empty()) return "";
  const std::string words = text_of_arguments(pid);
  std::error_code error;
  const std::string real = std::filesystem::weakly_canonical(build_dir, error).string();
  const bool names_build = words.find(build_dir) != std::string::npos ||
                           (!error && words.find(real) != std::string::npos);
  if (!names_build) return "";
  return "'" + program +
         "' gives the build folder to a container, whose processes are not followed: they keep "
         "their "
         "coverage only if they exit by themselves and see the build folder at its own path";
}

}  // namespace gentle
