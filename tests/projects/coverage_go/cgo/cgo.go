// Package cgo makes a program that is linked by the system's linker, and forks a child that has its counts.
package cgo

/*
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int kill_child(void) {
	int status = 0;
	pid_t child = fork();
	if (child == 0) raise(SIGKILL);
	waitpid(child, &status, 0);
	return WTERMSIG(status);
}
*/
import "C"

// KillChild is by which signal a child has ended.
func KillChild() int {
	return int(C.kill_child()) //: all
}
