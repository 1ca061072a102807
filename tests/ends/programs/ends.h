// Between what is instrumented and what is not.
#pragma once

#include <sys/types.h>

// How much work is done when; cells.py knows the same numbers.
constexpr int kBefore = 3;              // by the first thread, before the service is ready
constexpr int kThread = 7;              // by another one, which has ended then
constexpr int kAfter = 4;               // when the service has been told to end
constexpr int kChild = 5;               // by a child with memory of its own
constexpr int kAtLast = 8;              // by its parent, when it has ended
constexpr const char* kExecuted = "6";  // by the program that takes the place of this one

constexpr int kStarts = 3;  // of such programs one after the other

// ends.cc. The arguments are those of the program, the status is main's.
int end_so(char** arguments);
void in_thread(void (*function)());

// main.cc: calls that gcc replaces where it instruments.
pid_t instrumented_fork();
void instrumented_exec(char** command);
pid_t instrumented_vfork_and_exec(char** command);
