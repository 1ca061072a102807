#include "supervise/owners.h"

#include <algorithm>

#include "os/pidfd.h"
#include "os/process.h"

namespace gentle {

void Owners::add(const ProcessId& id, bool leaves, bool is_service) {
  if (id.pid == 0) {
    kept_by_hand_ = true;
    return;
  }
  const auto is_same = [&](const Owner& owner) { return owner.id == id; };
  if (std::any_of(owners_.begin(), owners_.end(), is_same)) return;
  owners_.push_back({id, open_pidfd(id), leaves, is_service});
}

void Owners::remove(const ProcessId& id) {
  left_ = false;
  if (id.pid == 0) {
    kept_by_hand_ = false;
    owners_.clear();
    return;
  }
  std::erase_if(owners_, [&](const Owner& owner) { return owner.id == id; });
}

bool Owners::drop_ended() {
  return std::erase_if(owners_, [&](const Owner& owner) {
           const bool ended = !is_alive(owner.id);
           left_ = left_ || (ended && owner.leaves);
           deserted_ = deserted_ || (ended && !owner.leaves && !owner.is_service);
           return ended;
         }) > 0;
}

std::vector<ProcessId> Owners::ids() const {
  std::vector<ProcessId> ids;
  for (const Owner& owner : owners_) ids.push_back(owner.id);
  return ids;
}

std::vector<int> Owners::fds() const {
  std::vector<int> fds;
  for (const Owner& owner : owners_) fds.push_back(owner.pidfd.get());
  return fds;
}

}  // namespace gentle
