#include "coverage/report/asked_gcovr.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/exit_code.h"
#include "coverage/formats/tracefile_format.h"
#include "coverage/report/gcovr_reports.h"

namespace gentle {
namespace {

constexpr std::string_view kForGcovr = "json";

std::string names_of(const std::vector<std::string>& formats) {
  std::string names;
  for (const std::string& name : formats) names += (names.empty() ? "" : ", ") + name;
  return names;
}

}  // namespace

AskedGcovr::AskedGcovr(const CoverageSpec& spec, const WorkFiles& work,
                       const Environment& environment)
    // Of no policy: where there may be no more threads, it is asked when the answer is needed.
    : answer_(std::async([spec, &work, &environment] { return ask(spec, work, environment); })) {}

GcovrVersion AskedGcovr::tracefile() const { return call() ? call()->version : newest_tracefile(); }

// The native `json` is for the gcovr of this machine, if there is one; for other formats it has to
// be there.
AskedGcovr::Answer AskedGcovr::ask(const CoverageSpec& spec, const WorkFiles& work,
                                   const Environment& environment) {
  const std::vector<std::string> by_gcovr = formats_of_gcovr(spec.formats);
  const bool json =
      std::find(spec.formats.begin(), spec.formats.end(), kForGcovr) != spec.formats.end();
  if (by_gcovr.empty() && !json) return {};
  try {
    GcovrCall call = find_gcovr(spec, work, environment);
    check_gcovr_version(call.version);
    return {std::move(call), {}};
  } catch (Error& error) {
    if (!by_gcovr.empty()) {
      return {std::nullopt, {error.notes({"not written: " + names_of(by_gcovr)})}};
    }
    // There is one, and it could not be asked: no process could be made.
    if (error.exit_code() == kExitOwnFailure) {
      return {std::nullopt, {error.note("json is written for the newest gcovr")}};
    }
    return {};
  }
}

}  // namespace gentle
