// What a program makes of its surroundings after its start. Not instrumented.
//
//   <program> in <environment> <place> <folder> <more>...    does it at the begin of main
//   <program> for <environment> <place> <folder> <more>...   its workers shall
#pragma once

#include <sys/types.h>

// Takes these words off the arguments, and does what stands after `in`.
char** enter_surroundings(char** arguments);

// A child, made by `make` unless its place needs another way. In it, what stands after `for` is
// done.
pid_t worker_in_surroundings(pid_t (*make)());

// What a path is relative to so that it is one of the files that were there at the start.
int root_of_start();
