// The data of ended processes, added up while a run goes on, so that it does not take more room the
// more processes there are:
//   sums/<n>/<name of the .gcda>   of all processes; 1, and 2 for the object's next compilation
//   sums/processes                 which of them each process has written: process_list.h
//   apart/<run>.<pid>.<n>/         what cannot be added up: truncated, no .gcda at all
// The report takes a sum for the data of one more process. It can be killed at any moment.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "coverage/fold/transaction.h"

namespace gentle {

// Of processes that have ended and were not looked at yet. What a process may still write, because
// it outlives its supervisor, is not among them.
std::vector<std::string> folders_to_fold(const std::string& data);

// Adds the data in these folders up. With the DataLock, and once finish_folding() was called. Stops
// early if `cancelled`; what was added until then is kept. Throws Error if the disk is full, or as
// Transaction::commit does: then everything is as it was.
void fold(const std::string& data, const std::vector<std::string>& folders,
          const std::atomic<bool>& cancelled);

// Ends what one has begun who was killed. With the DataLock.
void finish_folding(const std::string& data);

// The log of who adds up data (transaction.h): here, or beside the object files.
std::string transaction_log(const std::string& data);

// Of an ended process, or of many.
struct ProcessData {
  struct File {
    std::string name;  // of the .gcda, where its .gcno is
    std::string path;
  };
  std::vector<File> files;
};

// Those of the processes in the sums: files of one may be those of others, too. Sums that no
// process is known of come last, as of one.
std::vector<ProcessData> processes_in_sums(const std::string& data);

// Once the sums themselves have been counted, nothing is known of them any more.
void forget_processes_in_sums(const std::string& data, Transaction& transaction);

}  // namespace gentle
