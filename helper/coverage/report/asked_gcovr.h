// Which gcovr the formats of a report are for. It takes a good part of a second to tell its
// version, so it is asked while the counts are read.
#pragma once

#include <future>
#include <optional>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/report/gcovr.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

class AskedGcovr {
 public:
  // Begins to ask, if a format of `spec` needs to know it. All that is given outlives this object.
  AskedGcovr(const CoverageSpec& spec, const WorkFiles& work, const Environment& environment);

  // These wait for the answer.
  const std::optional<GcovrCall>& call() const { return answer_.get().call; }
  // Of the tracefile: the newest, if there is no gcovr.
  GcovrVersion tracefile() const;
  // Why there is none, though a format needs it.
  const std::vector<Error>& failures() const { return answer_.get().failures; }

 private:
  struct Answer {
    std::optional<GcovrCall> call;
    std::vector<Error> failures;
  };
  static Answer ask(const CoverageSpec& spec, const WorkFiles& work,
                    const Environment& environment);

  std::shared_future<Answer> answer_;
};

}  // namespace gentle
