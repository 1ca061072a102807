#include "coverage/fold/folding.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "coverage/fold/data_folders.h"
#include "coverage/fold/data_sum.h"
#include "coverage/fold/process_list.h"
#include "coverage/fold/transaction.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcno.h"
#include "os/data_file.h"
#include "os/file.h"

namespace gentle {
namespace {

std::string list_path(const std::string& data) { return data + kSums + "/processes"; }

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// An object that is compiled again in the middle of a run has another sum then; more are a defect.
constexpr int kMostCompilations = 9;

// Below kSums.
std::string sum_name(int compilation, const std::string& name) {
  return "/" + std::to_string(compilation) + name;
}

bool is_whole(std::string_view bytes) {
  const GcdaHeader header = GcdaReader(bytes).header();
  const NotesHeader itself{header.version, header.stamp, header.big_endian};
  return check_data(bytes, itself) == DataFault::kNone;
}

// All sums of one name, each of another compilation.
class Sums {
 public:
  Sums(std::string folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}

  // Which one it was added to, as sum_name(). Throws Error if it can be added to none.
  std::string add(const std::string& bytes, const std::string& path) {
    const GcdaHeader header = GcdaReader(bytes).header();
    for (int i = 1; i <= kMostCompilations; ++i) {
      Sum& sum = at(i);
      if (sum.header && *sum.header != header) continue;
      sum.data.add(bytes, path);
      sum.header = header;
      sum.has_grown = true;
      return sum_name(i, name_);
    }
    throw Error("read", path, "its object was compiled too often");
  }

  void write(Transaction& transaction) const {
    for (const auto& [number, sum] : sums_) {
      if (!sum.has_grown) continue;
      const std::string path = folder_ + sum_name(number, name_);
      make_folders(folder_of(path), 0700);
      transaction.replace(path, sum.data.bytes());
    }
  }

 private:
  struct Sum {
    std::optional<GcdaHeader> header;  // nothing: it is empty
    DataSum data;
    bool has_grown = false;
  };

  Sum& at(int number) {
    if (const auto found = sums_.find(number); found != sums_.end()) return found->second;
    Sum sum;
    if (const std::string path = folder_ + sum_name(number, name_); file_exists(path)) {
      const std::string bytes = read_data_file(path);
      sum.header = GcdaReader(bytes).header();
      sum.data.add(bytes, path);
    }
    return sums_.emplace(number, std::move(sum)).first->second;
  }

  std::string folder_;
  std::string name_;
  std::map<int, Sum> sums_;
};

// What is added up in one step.
class Fold {
 public:
  explicit Fold(const std::string& data)
      : data_(data),
        transaction_(transaction_log(data)),
        processes_(ProcessList::parse(read_file_if_there(list_path(data)).value_or(""))) {}

  void sort(const std::string& folder) {
    for (const std::string& path : files_below(folder)) {
      const std::string name = path.substr(folder.size());
      if (name.ends_with(".gcda") && name.find('\n') == std::string::npos) {
        sources_[name].push_back({folder, path});
      }
    }
  }

  void add(const std::atomic<bool>& cancelled) {
    for (const auto& [name, sources] : sources_) {
      if (cancelled) break;
      add(name, sources);
    }
  }

  void commit() {
    if (names_.empty()) return;
    for (const auto& [folder, names] : names_) processes_.add(names);
    transaction_.replace(list_path(data_), processes_.text());
    transaction_.commit();
  }

 private:
  struct Source {
    std::string folder;
    std::string path;
  };

  void add(const std::string& name, const std::vector<Source>& sources) {
    Sums sums(data_ + kSums, name);
    for (const Source& source : sources) {
      try {
        const std::string bytes = read_data_file(source.path);
        // What cannot be removed would count twice.
        if (!is_whole(bytes) || !can_remove(source.path)) continue;
        names_[source.folder].insert(sums.add(bytes, source.path));
        transaction_.remove(source.path);
      } catch (const Error&) {
        // The report tells what is wrong with it.
      }
    }
    sums.write(transaction_);
  }

  std::string data_;
  Transaction transaction_;
  ProcessList processes_;
  std::map<std::string, std::vector<Source>> sources_;  // by the name of the .gcda
  std::map<std::string, std::set<std::string>> names_;  // by folder: of the sums
};

// What is left is no longer looked at until the report.
void set_apart(const std::string& data, const std::string& folder) {
  make_folders(data + kApart, 0700);
  const std::string run = folder_of(folder);
  std::string to = data + kApart + "/" + name_of(run) + "." + name_of(folder);
  for (int n = 1; file_exists(to); ++n) to += "." + std::to_string(n);
  std::rename(folder.c_str(), to.c_str());
}

void leave(const std::string& data, const std::string& folder) {
  remove_empty_folders(folder);
  if (file_exists(folder)) set_apart(data, folder);
  if (const std::string run = folder_of(folder); !goes_on(run)) ::rmdir(run.c_str());
}

}  // namespace

std::vector<std::string> folders_to_fold(const std::string& data) {
  std::vector<std::string> folders;
  for (const std::string& run : run_folders(data)) {
    for (const std::string& folder : process_folders(run)) {
      if (is_final(folder)) folders.push_back(folder);
    }
  }
  return folders;
}

void fold(const std::string& data, const std::vector<std::string>& folders,
          const std::atomic<bool>& cancelled) {
  Fold step(data);
  for (const std::string& folder : folders) step.sort(folder);
  step.add(cancelled);
  step.commit();
  if (cancelled) return;  // not all was looked at
  for (const std::string& folder : folders) leave(data, folder);
}

void finish_folding(const std::string& data) { Transaction::finish(transaction_log(data)); }

std::string transaction_log(const std::string& data) { return data + "/transaction"; }

std::vector<ProcessData> processes_in_sums(const std::string& data) {
  const std::string sums = data + kSums;
  std::set<std::string> unknown;
  for (const std::string& path : files_below(sums)) {
    if (path.ends_with(".gcda")) unknown.insert(path.substr(sums.size()));
  }
  const auto file_of = [&](const std::string& sum) {
    return ProcessData::File{sum.substr(sum.find('/', 1)), sums + sum};
  };
  std::vector<ProcessData> all;
  std::set<std::string> known;
  const auto list = ProcessList::parse(read_file_if_there(list_path(data)).value_or(""));
  for (const std::vector<std::string>& process : list.processes()) {
    ProcessData& one = all.emplace_back();
    for (const std::string& sum : process) {
      if (!unknown.contains(sum)) continue;
      one.files.push_back(file_of(sum));
      known.insert(sum);
    }
    if (one.files.empty()) all.pop_back();
  }
  ProcessData rest;
  for (const std::string& sum : unknown) {
    if (!known.contains(sum)) rest.files.push_back(file_of(sum));
  }
  if (!rest.files.empty()) all.push_back(std::move(rest));
  return all;
}

void forget_processes_in_sums(const std::string& data, Transaction& transaction) {
  if (file_exists(list_path(data))) transaction.remove(list_path(data));
}

}  // namespace gentle
