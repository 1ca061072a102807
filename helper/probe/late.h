// A condition that needs a number which the service has not chosen yet (PORTS <port>=ANY): its
// probe is made when the number is known.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "probe/probe.h"

namespace gentle {

// `number`: as it is known by now, or 0. A probe of an old one is made anew.
std::unique_ptr<Probe> make_late_probe(std::string condition, std::function<int()> number,
                                       std::function<std::unique_ptr<Probe>()> make);

}  // namespace gentle
