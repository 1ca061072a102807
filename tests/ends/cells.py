"""The ends matrix: how a process ends, what it is made of, and what cannot hold. Nothing here runs
anything."""

import re
import signal
from dataclasses import dataclass

# How much work is done when, as in programs/ends.h.
BEFORE, THREAD, AFTER, CHILD, AT_LAST, EXECUTED = 3, 7, 4, 5, 8, 6
BEGINNING = (BEFORE, THREAD)
SERVED = (*BEGINNING, AFTER)

TOLD = ((signal.SIGINT, 20.0),)  # a stop plan that is long enough, whatever the machine does
SOON_KILLED = ((signal.SIGINT, 0.1), (signal.SIGTERM, 0.1))

BY_ITSELF = r"gentle: error: stop service 'api': it had ended by itself: death by SIGKILL, "
BY_US = (r"gentle: error: stop service 'api': it did not end within 100 ms of SIGINT and 100 ms of "
         r"SIGTERM, SIGKILL ended it\n")


@dataclass(frozen=True)
class End:
    what: str
    argument: str  # what the program shall do
    # Of each program that is executed: the work that it and its forks do.
    works: tuple = (SERVED,)
    plan: tuple = TOLD
    good: tuple = (0,)  # EXIT_CODES
    complaint: str = ""  # of `gentle stop`, a regular expression; empty: it passes
    by: str = "stop"  # what brings the end about: the stop, a "stranger", the end of "ctest"
    where: str = ""  # in a dump, see programs/dump.h; one run for each file that is dumped


def default(number):
    """A signal that has its default action."""
    return End(f"{number.name} at its default", "waits", (BEGINNING,), ((number, 20.0),),
               (number.name,))


def in_dump(what, where):
    return End(f"SIGKILL in the coverage runtime's own dump: {what}; each file in turn", "dump",
               good=("SIGKILL",), where=where)


FAMILY = (*SERVED, CHILD, AT_LAST)

ENDS = {
    "return": End("`main` returns", "return"),
    "exit": End("`exit`", "exit"),
    "handled": End("SIGINT has a handler, `main` returns", "handled"),
    "sigint": default(signal.SIGINT),
    "sigterm": default(signal.SIGTERM),
    "sighup": default(signal.SIGHUP),
    "sigpipe": End("SIGPIPE at its default, by a write", "sigpipe", good=("SIGPIPE",)),
    "killed": End("SIGKILL from `gentle stop`: SIGINT and SIGTERM are ignored", "ignores",
                  (BEGINNING,), SOON_KILLED, complaint=BY_US),
    "killed_by_stranger": End("SIGKILL from somebody else", "waits", (BEGINNING,),
                              complaint=BY_ITSELF, by="stranger"),
    "sigsegv": End("SIGSEGV, by a null pointer", "sigsegv", good=("SIGSEGV",)),
    "abort": End("`abort`", "abort", good=("SIGABRT",)),
    "throw": End("an exception that nobody catches", "throw", good=("SIGABRT",)),
    "_exit": End("`_exit`", "_exit"),
    "quick_exit": End("`quick_exit`", "quick_exit"),
    "exec": End("`exec` in instrumented code", "exec", (SERVED, (EXECUTED,))),
    "bare_exec": End("`exec` in code that is not instrumented", "bare_exec", (SERVED, (EXECUTED,))),
    "fork_exit": End("`fork`; the child ends by `_exit`", "fork_exit", (FAMILY,)),
    "fork_killed": End("`fork`; the child ends by SIGKILL", "fork_killed", (FAMILY,)),
    "clone": End("`clone`, which gcc does not wrap; the child exits", "clone", (FAMILY,)),
    "clone_killed": End("the same; the child ends by SIGKILL", "clone_killed", (FAMILY,)),
    "vfork_exec": End("`vfork` and `exec` in instrumented code", "vfork_exec",
                      ((*SERVED, AT_LAST), (EXECUTED,))),
    "spawn": End("`posix_spawn`: the same in code that is not instrumented", "spawn",
                 ((*SERVED, AT_LAST), (EXECUTED,))),
    "daemon": End("`daemon`, called in a child of `main`; the daemon exits", "daemon",
                  ((*FAMILY, AFTER),)),
    "daemon_sigint": End("the same; the daemon ends by SIGINT at its default", "daemon_waits",
                         (FAMILY,)),
    "pthread_exit": End("`pthread_exit` of the first thread; the last thread returns",
                        "pthread_exit"),
    "pthread_exit_sigint": End("the same; the last thread ends by SIGINT at its default",
                               "pthread_exit_waits", good=("SIGINT",)),
    "deadlocked": End("the first thread holds a lock that the others wait for, and waits for them: "
                      "SIGKILL from `gentle stop`", "deadlock", (BEGINNING,), SOON_KILLED,
                      complaint=BY_US),
    "stopped": End("stopped by SIGSTOP; then SIGINT at its default", "stopped", (BEGINNING,),
                   good=("SIGINT",)),
    "dump_lock": in_dump("the file is open", "lock"),
    "dump_inside": in_dump("a part of the file is written", "inside"),
    "dump_close": in_dump("the file is written and still open", "close"),
    "dump_after": in_dump("the file is closed, the next one not opened", "after"),
    "ctest_killed": End("SIGKILL for ctest; the service ends by SIGINT at its default", "waits",
                        (BEGINNING,), good=("SIGINT",), by="ctest"),
}


@dataclass(frozen=True)
class Image:
    what: str
    compile: tuple = ("-O0",)
    link: tuple = ()
    libraries: str = ""  # "linked", "loaded"; empty: none


IMAGES = {
    "executable": Image("an executable"),
    "libraries": Image("an executable with two shared libraries", libraries="linked"),
    "loaded": Image("two libraries that are loaded by `dlopen`, one of them closed and loaded again",
                    libraries="loaded"),
    "static": Image("a static executable", link=("-static",)),
    "atomic": Image("`-O2 -fprofile-update=atomic`", ("-O2", "-fprofile-update=atomic")),
    "fixed": Image("position-dependent (`-no-pie`)", ("-O0", "-fno-pie"), ("-no-pie",)),
    "lto": Image("link-time optimisation (`-flto`)", ("-O0", "-flto"), ("-flto",)),
    "stripped": Image("an executable without symbols (`-s`)", link=("-s",)),
}

COMPILERS = ("g++-11", "g++-12", "clang++-14", "clang++-19")  # those of Debian 12


@dataclass(frozen=True)
class Cannot:
    """Cells that cannot hold. They are tried nevertheless, so that one that begins to hold is
    noticed."""

    compilers: str  # regular expressions that match the whole name
    ends: str
    images: str
    why: str
    complaint: str  # of `gentle stop`: a loss is told

    def covers(self, cell):
        return all(re.fullmatch(pattern, name) for pattern, name in (
            (self.compilers, cell.compiler), (self.ends, cell.end), (self.images, cell.image)))


EXEC_REPLACES = (
    "`exec` replaces the memory, and with it the counters, before the kernel tells a tracer of it. "
    "To look in time one would have to stop the process at every system call, to install a seccomp "
    "filter, which needs no_new_privs and so breaks setuid programs, or to write a breakpoint into "
    "the program.")

LOST_BY_EXEC = ("gentle: error: stop service 'api': coverage of 1 of its 2 processes is lost\n"
                "  1: it executed another program without writing its counts before\n")

CANNOT = (
    Cannot(".*", "bare_exec", ".*", EXEC_REPLACES, LOST_BY_EXEC),
    Cannot(r"clang\+\+.*", "exec", ".*", EXEC_REPLACES + " Clang has no wrapper that writes before.",
           LOST_BY_EXEC),
)


@dataclass(frozen=True)
class Cell:
    compiler: str
    image: str
    end: str

    @property
    def name(self):
        return f"{self.compiler}.{self.image}.{self.end}"

    def cannot(self):
        return next((cannot for cannot in CANNOT if cannot.covers(self)), None)

    def why_not(self):
        cannot = self.cannot()
        return cannot.why if cannot else ""


def is_possible(image, end):
    """The runtime writes by itself only where gentle does not find the functions by which it does."""
    return not ENDS[end].where or image == "stripped"


def all_cells(compilers=COMPILERS):
    return [Cell(compiler, image, end) for compiler in compilers for image in IMAGES
            for end in ENDS if is_possible(image, end)]


def core(compilers=COMPILERS):
    """For CI: the executable with every end, and each end with one of the other images in turn, which
    is another one for each compiler."""
    others = list(IMAGES)[1:]
    found = []
    for number, end in enumerate(ENDS):
        for compiler in compilers:
            turn = COMPILERS.index(compiler) if compiler in COMPILERS else 0
            images = ("executable", others[(number + turn) % len(others)])
            images = images if is_possible(images[0], end) else ("stripped",)
            found += [Cell(compiler, image, end) for image in images]
    return found
