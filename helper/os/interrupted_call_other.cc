// Where the registers of a call are not known: what is interrupted stays so.
#if !defined(__x86_64__)

#include "os/interrupted_call.h"

namespace gentle {

struct InterruptedCall::Followed {};

InterruptedCall::InterruptedCall() = default;
InterruptedCall::InterruptedCall(InterruptedCall&&) noexcept = default;
InterruptedCall& InterruptedCall::operator=(InterruptedCall&&) noexcept = default;
InterruptedCall::~InterruptedCall() = default;

bool InterruptedCall::handle_signal(int, int) { return false; }
bool InterruptedCall::handle_call(int) { return false; }
void InterruptedCall::handle_stopped(int) {}
void InterruptedCall::leave(int, int, bool) {}

}  // namespace gentle

#endif
