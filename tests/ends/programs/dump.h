// Kills the process with SIGKILL while the coverage runtime writes its counters at exit.
#pragma once

// `where`: "lock" (the file is open and as it was), "inside" (some of it is written), "close" (all
// of it is written, and it is still open), "after". Of the file with this number, from 1 on.
void kill_in_dump(const char* where, int file);
