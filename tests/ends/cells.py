"""The ends matrix: how a process ends, what it is made of, and what cannot hold. Nothing here runs
anything."""

import re
import signal
from dataclasses import dataclass

# How much work is done when, as in programs/ends.h.
BEFORE, THREAD, AFTER, CHILD, AT_LAST, EXECUTED = 3, 7, 4, 5, 8, 6
STARTS = 3
BEGINNING = (BEFORE, THREAD)
SERVED = (*BEGINNING, AFTER)

TOLD = ((signal.SIGINT, 20.0),)  # a stop plan that is long enough, whatever the machine does
SOON_KILLED = ((signal.SIGINT, 0.1), (signal.SIGTERM, 0.1))

BY_ITSELF = r"gentle: error: stop service 'api': it had ended by itself: {}, "
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
    by_signal: int = signal.SIGKILL  # of the stranger
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
                              complaint=BY_ITSELF.format("death by SIGKILL"), by="stranger"),
    "exit_by_itself": End("`exit`, before its stop begins", "exit",
                          complaint=BY_ITSELF.format("exit status 0"), by="stranger",
                          by_signal=signal.SIGINT),
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
    "workers": End("`fork` of two workers; one exits, the other one ends by SIGKILL", "workers",
                   ((*SERVED, CHILD, CHILD, AT_LAST),)),
    "spawn_several": End("`posix_spawn` of the same program three times; each exits",
                         "spawn_several", ((*SERVED, AT_LAST), *(STARTS * ((EXECUTED,),)))),
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


# What a process has made of its surroundings before it ends, or been started with.
ENVIRONMENTS = {
    "kept": "as gentle gives it",
    "cleared": "`clearenv`, at the begin of `main`",
    "replaced": "another one (`env -i`; a worker sets `environ`)",
    "prefix": "`GCOV_PREFIX` and `LLVM_PROFILE_FILE` are its own",
}
PLACES = {
    "own": "nothing else",
    "pid": "a pid namespace of its own",
    "chroot": "`chroot` after the start, into an empty folder",
    "user": "`setuid` after the start: no rights to write anywhere",
}
# The ends that are tried in all of them.
ENDS_IN_SURROUNDINGS = ("exit", "exit_by_itself", "handled", "sigint", "killed", "_exit", "exec",
                        "fork_exit", "fork_killed", "workers", "spawn_several")
# What the stop says of them, and what where they have nowhere to write to.
NOWHERE_TO_WRITE = ("chroot", "user")
SAYS = {
    "exit": ("1 process: 1 written", "1 process: 1 rescued (could not write)"),
    "handled": ("1 process: 1 written", "1 process: 1 rescued (could not write)"),
    "exec": ("2 processes: 2 written", "2 processes: 1 written, 1 rescued (could not write)"),
    "fork_exit": ("2 processes: 1 written, 1 rescued (_exit)",
                  "2 processes: 2 rescued (_exit, could not write)"),
    "fork_killed": ("2 processes: 1 written, 1 rescued (SIGKILL)",
                    "2 processes: 2 rescued (SIGKILL, could not write)"),
    "workers": ("3 processes: 2 written, 1 rescued (SIGKILL)",
                "3 processes: 1 written, 2 rescued (SIGKILL, could not write)"),
    "spawn_several": ("4 processes: 4 written",
                      "4 processes: 1 written, 3 rescued (could not write 3)"),
}
# Their children are in the surroundings, and not themselves.
OF_CHILDREN = ("workers", "spawn_several")


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
SHARES = 4  # of the surroundings; 11 ends and 15 surroundings have no divisor with it


@dataclass(frozen=True)
class Cannot:
    """Cells that cannot hold. They are tried nevertheless, so that one that begins to hold is
    noticed."""

    compilers: str  # regular expressions that match the whole name
    ends: str
    images: str
    environments: str
    places: str
    why: str
    complaint: str = ""  # of `gentle stop`, if a loss is told; else the end's own
    breaks: str = "counts"  # or "files": some are left, but all is counted

    def covers(self, cell):
        return all(re.fullmatch(pattern, name) for pattern, name in (
            (self.compilers, cell.compiler), (self.ends, cell.end), (self.images, cell.image),
            (self.environments, cell.environment), (self.places, cell.place)))


EXEC_REPLACES = (
    "`exec` replaces the memory, and with it the counters, before the kernel tells a tracer of it. "
    "There are three ways to look in time, and none will do. One is to stop the process at every system "
    "call, another to install a seccomp filter, the third to write a breakpoint into `execve` of the C "
    "library. The filter needs no_new_privs and so breaks setuid programs. If `execve` fails, it may be "
    "called again.")

EMPTY = ("Clang's runtime makes its file, which is empty then, when the program is loaded. Gentle "
         "removes it if it finds it, by its name in a program with symbols: not if the process has "
         "another root folder or another user since.")
BY_MAIN = ("The main process of a service writes by itself until its stop begins: a breakpoint would "
           "be its death when gentle is killed. So it writes where its environment, its root folder "
           "and its rights let it")
BY_MAIN_AT_EXIT = f"{BY_MAIN}. The counts are right, but the files stay."
BY_MAIN_UNLOADED = (f"{BY_MAIN}, also what a library has counted that it unloads. Of that gentle has "
                    "nothing if it is not in its folder or beside the objects.")
STRIPPED = ("The functions by which an image without symbols writes are not found, so it writes where "
            "its environment, its root folder and its rights let it")
STRIPPED_FILES = f"{STRIPPED}. The counts are right, but the files stay."
STRIPPED_ADDS = (f"{STRIPPED}. If others have written there before, it adds their counts to its own: "
                 "gentle cannot tell them apart.")
STRIPPED_EXEC = f"{STRIPPED}. Before `exec` nobody can look whether it has."


def lost(some, all_of_them, why):
    return (f"gentle: error: stop service 'api': coverage of {some} of its {all_of_them} processes is "
            f"lost\n  {some}: {why}")


BY_EXEC = "it executed another program without writing its counts before"
LOST_BY_EXEC = lost(1, 2, BY_EXEC)
ADDED = "it wrote elsewhere, and added to its counts what others had written there"
ANY, GCC, CLANG = ".*", r"g\+\+.*", r"clang\+\+.*"
OTHER = "cleared|replaced|prefix"  # than the environment that gentle gives
BY_MAIN_ITSELF = f"(?!{'|'.join(OF_CHILDREN)}).*"
WRITING = "exit|handled|fork_exit|fork_killed|workers|spawn_several"  # at the end of a process

# The first one that covers a cell counts.
CANNOT = (
    Cannot(ANY, "bare_exec", ANY, ANY, ANY, EXEC_REPLACES, LOST_BY_EXEC),
    Cannot(CLANG, "exec", ANY, ANY, ANY,
           EXEC_REPLACES + " Clang has no wrapper that writes before.", LOST_BY_EXEC),
    # The library that it loads again adds what the first one has written.
    Cannot(GCC, "exit_by_itself", "loaded", "prefix", "own|user", BY_MAIN_UNLOADED,
           BY_ITSELF.format("exit status 0")),
    Cannot(ANY, BY_MAIN_ITSELF, "loaded", ANY, "user", BY_MAIN_UNLOADED),
    Cannot(CLANG, BY_MAIN_ITSELF, "loaded", OTHER, "own", BY_MAIN_UNLOADED),
    Cannot(GCC, BY_MAIN_ITSELF, "loaded", "prefix", "own", BY_MAIN_UNLOADED),
    Cannot(GCC, BY_MAIN_ITSELF, "loaded", OTHER, "own", BY_MAIN_AT_EXIT, breaks="files"),
    # Of what is found at its end, the root folder and the user are those that made the file.
    Cannot(CLANG, BY_MAIN_ITSELF, ANY, "replaced", "chroot|user", EMPTY, breaks="files"),
    Cannot(CLANG, BY_MAIN_ITSELF, ANY, "prefix", "user", EMPTY, breaks="files"),
    Cannot(CLANG, "spawn_several", "(?!stripped).*", "replaced", "chroot|user", EMPTY,
           breaks="files"),
    Cannot(CLANG, BY_MAIN_ITSELF, "stripped", "replaced|prefix", ANY, EMPTY, breaks="files"),
    Cannot(CLANG, "exit_by_itself", ANY, "replaced|prefix", "own", BY_MAIN_AT_EXIT,
           breaks="files"),
    Cannot(CLANG, "spawn_several", "stripped", "replaced|prefix", "own|pid|user", STRIPPED_FILES,
           breaks="files"),
    Cannot(GCC, "exit_by_itself", ANY, ANY, "chroot", BY_MAIN_AT_EXIT, breaks="files"),
    Cannot(CLANG, "exit_by_itself", ANY, "kept|cleared", "chroot", BY_MAIN_AT_EXIT,
           breaks="files"),
    Cannot(GCC, "exit_by_itself", ANY, OTHER, "own", BY_MAIN_AT_EXIT, breaks="files"),
    Cannot(GCC, "exit_by_itself", ANY, "prefix", "user", BY_MAIN_AT_EXIT, breaks="files"),
    Cannot(GCC, "exit_by_itself", "stripped", OTHER, "pid", STRIPPED_FILES, breaks="files"),
    Cannot(GCC, "exec", "stripped", "prefix", ANY, STRIPPED_EXEC,
           f"coverage of 2 of its 2 processes is lost\n  1: {BY_EXEC}\n     pid .*\n  1: {ADDED}\n     pid "),
    Cannot(GCC, "exec", "stripped", ANY, "user", STRIPPED_EXEC, LOST_BY_EXEC),
    Cannot(GCC, "exec", "stripped", OTHER, ANY, STRIPPED_EXEC, LOST_BY_EXEC, "files"),
    Cannot(GCC, "spawn_several", "stripped", "prefix", ANY, STRIPPED_ADDS, lost(2, 4, ADDED)),
    Cannot(GCC, "spawn_several", "stripped", OTHER, "chroot", STRIPPED_ADDS, lost(2, 4, ADDED)),
    Cannot(GCC, WRITING, "stripped", OTHER, "own|pid", STRIPPED_FILES, breaks="files"),
    Cannot(GCC, WRITING, "stripped", ANY, "chroot", STRIPPED_FILES, breaks="files"),
    Cannot(CLANG, WRITING, "stripped", "kept|cleared|replaced", "chroot", STRIPPED_FILES,
           breaks="files"),
)


@dataclass(frozen=True)
class Cell:
    compiler: str
    image: str
    end: str
    environment: str = "kept"
    place: str = "own"

    @property
    def name(self):
        where = f".{self.surroundings}" if self.surroundings != "kept.own" else ""
        return f"{self.compiler}.{self.image}.{self.end}{where}"

    @property
    def surroundings(self):
        return f"{self.environment}.{self.place}"

    def cannot(self):
        return next((cannot for cannot in CANNOT if cannot.covers(self)), None)

    def why_not(self):
        cannot = self.cannot()
        return cannot.why if cannot else ""


def is_possible(cell):
    if ENDS[cell.end].where and cell.image != "stripped":
        return False  # the runtime writes by itself only where gentle does not find its functions
    # There is no program to execute, and no library to load.
    return cell.place != "chroot" or (cell.end != "exec" and cell.image != "loaded")


SURROUNDINGS = [(environment, place) for place in PLACES for environment in ENVIRONMENTS][1:]


def all_cells(compilers=COMPILERS):
    """With each compiler, all images with all ends, and a turn through all surroundings."""
    cells = [Cell(compiler, image, end) for compiler in compilers for image in IMAGES
             for end in ENDS]
    for compiler in compilers:
        for image in ("executable", None):
            cells += in_surroundings(compiler, image)
    return [cell for cell in cells if is_possible(cell)]


def in_surroundings(compiler, image):
    """Without an image: one of the others in turn, which is another one for each compiler."""
    others = list(IMAGES)[1:]
    return [Cell(compiler, image or others[(row + column + turn_of(compiler)) % len(others)], end,
                 environment, place)
            for row, (environment, place) in enumerate(SURROUNDINGS)
            for column, end in enumerate(ENDS_IN_SURROUNDINGS)]


def turn_of(compiler):
    return COMPILERS.index(compiler) if compiler in COMPILERS else 0


def core(compilers=COMPILERS):
    """For CI: the executable with every end, and each end with one of the other images in turn, which
    is another one for each compiler. Each of the compilers takes a share of the surroundings."""
    others = list(IMAGES)[1:]
    found = []
    for number, end in enumerate(ENDS):
        for compiler in compilers:
            turn = turn_of(compiler)
            for image in ("executable", others[(number + turn) % len(others)]):
                found.append(Cell(compiler, image, end))
            if ENDS[end].where:
                found[-2:] = [Cell(compiler, "stripped", end)]
    for compiler in compilers:
        for image in ("executable", None):
            every = in_surroundings(compiler, image)
            found += every[turn_of(compiler)::SHARES if image else 2 * SHARES]
    return [cell for cell in found if is_possible(cell)]
