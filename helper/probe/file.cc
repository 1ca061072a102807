// READY FILE <path>: the file was made, or replaced, since the start. One that lay there before
// and has not changed does not count.
#include <sys/stat.h>

#include <optional>

#include "os/watch.h"
#include "probe/kinds.h"

namespace gentle {
namespace {

// What changes when a file is written or replaced.
struct Identity {
  dev_t device;
  ino_t inode;
  off_t size;
  timespec modified;

  bool operator==(const Identity& other) const {
    return device == other.device && inode == other.inode && size == other.size &&
           modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec;
  }
};

std::optional<Identity> identify_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return Identity{info.st_dev, info.st_ino, info.st_size, info.st_mtim};
}

class FileProbe : public Probe {
 public:
  explicit FileProbe(std::string path) : path_(std::move(path)), before_(identify_file(path_)) {}

  bool check(TimePoint now) override {
    watch_.drain();
    // Added each time: the folder may be made, or replaced, while we wait.
    const bool watched = watch_.add_folder(parent_folder(path_));
    next_ = now + (watched ? kBackstop : kUnwatched);
    const auto current = identify_file(path_);
    return current && current != before_;
  }

  int fd() const override { return watch_.fd(); }
  TimePoint next_check() const override { return next_; }
  bool is_state() const override { return true; }
  std::string condition() const override { return "file " + path_; }
  std::string last_seen() const override {
    return identify_file(path_) ? "it is there, unchanged since before the start" : "no such file";
  }

 private:
  // The kernel does not tell what other machines do on a network file system.
  static constexpr auto kBackstop = std::chrono::milliseconds(50);
  static constexpr auto kUnwatched = std::chrono::milliseconds(2);

  std::string path_;
  std::optional<Identity> before_;
  Watch watch_;
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_file_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<FileProbe>(path_of_service(ready.args.at(0), context));
}

}  // namespace gentle
