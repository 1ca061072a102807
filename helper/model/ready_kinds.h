// The kinds of readiness, a row each: the one place of the helper that knows them all. A row is
//
//   name, keyword of READY, file below probe/, how many arguments, what it may have besides
//
// and brings about ReadyKind::k<Name>, what a spec may hold, and that make_probe() calls
// make_<file>_probe(). cmake/GentleFixtures/ready_kinds.cmake has the rows for the CMake functions;
// tests/house/ready_kinds.py sees that both tables say the same.
#pragma once

#define GENTLE_READY_KINDS(ROW)                               \
  ROW(Tcp, "TCP", tcp, kOne, kForeign)                        \
  ROW(Http, "HTTP", http, kOne, kForeign | kStatus | kAtPort) \
  ROW(Unix, "UNIX", unix, kOne, kNothing)                     \
  ROW(Log, "LOG", log, kOne, kTimes)                          \
  ROW(File, "FILE", file, kOne, kNothing)                     \
  ROW(Command, "COMMAND", command, kMany, kAtPort)            \
  ROW(Notify, "NOTIFY", notify, kNone, kNothing)              \
  ROW(Exit, "EXIT", exit, kNone, kNothing)
