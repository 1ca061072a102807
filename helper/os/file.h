// Files and folders. Every function throws Error with the path and the cause.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parted_text.h"
#include "base/unique_fd.h"

namespace gentle {

std::string read_file(const std::string& path);

// As read_file, but at most the first `most` bytes: a process can make its files in /proc as long
// as it likes. Nothing if there is no such file.
std::optional<std::string> read_file_if_there(const std::string& path,
                                              std::size_t most = std::string::npos);

// What one read(2) gives, at most `size` bytes of `buffer`; empty if nothing can be read. All of a
// small file of /proc, in half of the time of read_file.
std::string_view read_once(const std::string& path, char* buffer, std::size_t size);

// When the rest of a replacement is done: to remove the old text, and to begin to write the new one
// to the disk if it has to last. Each takes ext4 a tenth of a millisecond. Later is by
// remove_replaced() and begin_to_write(); until then the old text is beside it.
enum class Rest { kNow, kLater };

// Replaces `path` in one step: whoever reads it sees the old text or the new one. Mode 0600. Links
// are replaced, not followed.
void write_file_atomically(const std::string& path, std::string_view text, Rest rest = Rest::kNow);

// The same for everybody whom the umask lets read: reports are published.
void write_public_file(const std::string& path, std::string_view text);

// The same for a text that is too large to be held. If `write` throws, nothing is left of it.
using WriteParts = std::function<void(PartedText& text)>;
void write_parts_atomically(const std::string& path, const WriteParts& write);
void write_public_parts(const std::string& path, const WriteParts& write);

// write_file_atomically for what has to outlast a power cut soon after: the kernel begins to write
// it to the disk now, so that the journal's next commit (ext4: within 5 s, xfs and btrfs: 30 s)
// finds it whole. Left to itself it writes the new name first and the contents up to half a minute
// later, and a power cut between the two leaves an empty file. Nobody waits for the disk but on
// xfs.
void write_lasting_file(const std::string& path, std::string_view text, Rest rest = Rest::kNow);

// Whatever has become of the file meanwhile is no error.
void begin_to_write(const std::string& path);
void remove_replaced(const std::string& path);

// Writes a file that nobody reads before it is whole; what stands there is replaced. Mode 0600.
void write_file(const std::string& path, std::string_view text);

// mkdir -p. Folders that are made get mode 0775 less the umask, the last one `last_mode`.
void make_folders(const std::string& path, unsigned last_mode);

// rm -rf. Nothing there is no error; a link is removed, not followed.
void remove_tree(const std::string& path);

// A file of this user that holds nothing; whatever else is there stays, a link too.
void remove_if_empty(const std::string& path, uid_t owner);

// Whether this user may remove a file: in a sticky folder only its owner and the folder's may. What
// else may hinder it (an attribute of the file, a file system that is only read) is not looked at.
bool can_remove(const std::string& path);

// Below the current folder, if it is relative.
std::string absolute_path(const std::string& path);

// The names in a folder, sorted, without . and ..; none if it cannot be read.
std::vector<std::string> entries_of(const std::string& path);

// Whether there is something; then it has to be a folder of this user, and no link to one: Error.
bool check_own_folder(const std::string& path);

// A folder that passes that check, closed to all others (mode 0700) from here on.
UniqueFd open_own_folder(const std::string& path);

// A new file to append to and to read, mode 0600; what stands there is replaced, and not followed.
UniqueFd open_new_file(const std::string& path);

// The same, but a file of our own that nobody else can read or change is emptied, so that who has
// it open (`tail -f`) reads on. On ext4 that takes a quarter of a millisecond longer.
UniqueFd open_own_file(const std::string& path);

// What the file holds at this place, at most `count` bytes.
std::string read_at(int fd, std::uint64_t place, std::size_t count);

// Whether another process has it locked, fcntl(2).
bool is_locked(const std::string& path);

bool file_exists(const std::string& path);
bool is_same_file(const std::string& path, const std::string& other);  // also by a link

// Where the folder is by now that was opened at `path`: it may have been renamed.
std::string present_path(int folder, const std::string& path);
bool is_folder(const std::string& path);           // or a link to one
bool is_regular_file(const std::string& path);     // or a link to one
std::uint64_t file_size(const std::string& path);  // 0 if there is none

// Another text for another file at this place, or the same one written anew; "" if there is none.
std::string file_version(const std::string& path);
std::string file_version(int fd);
std::string file_version(const struct stat& info);

// The last lines of a log, for people. Those longer than 4096 bytes are cut.
std::vector<std::string> last_lines(const std::string& path, std::size_t count);

// The absolute path of the first file of this name on the colon-separated `path_variable`, else "".
// A file that may not be executed is given back only if there is no better one.
std::string find_program(const std::string& name, const std::string& path_variable);

}  // namespace gentle
