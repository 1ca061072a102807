#include "probe/kinds.h"

namespace gentle {

std::unique_ptr<Probe> make_probe(const ReadySpec& ready, const ProbeContext& context) {
  switch (ready.kind) {
    case ReadyKind::kTcp:
      return make_tcp_probe(ready, context);
    case ReadyKind::kHttp:
      return make_http_probe(ready, context);
    case ReadyKind::kUnix:
      return make_unix_probe(ready, context);
    case ReadyKind::kLog:
      return make_log_probe(ready, context);
    case ReadyKind::kFile:
      return make_file_probe(ready, context);
    case ReadyKind::kCommand:
      return make_command_probe(ready, context);
    case ReadyKind::kNotify:
      return make_notify_probe(ready, context);
    case ReadyKind::kExit:
      return make_exit_probe(ready, context);
  }
  return nullptr;
}

}  // namespace gentle
