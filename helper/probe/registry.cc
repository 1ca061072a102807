#include "probe/kinds.h"

namespace gentle {

#define GENTLE_ROW(name, keyword, file, ...) \
  case ReadyKind::k##name:                   \
    return make_##file##_probe(ready, context);

std::unique_ptr<Probe> make_probe(const ReadySpec& ready, const ProbeContext& context) {
  switch (ready.kind) { GENTLE_READY_KINDS(GENTLE_ROW) }
  return nullptr;
}

#undef GENTLE_ROW

}  // namespace gentle
