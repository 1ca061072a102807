"""Coverage gets out of the way: where a service cannot be followed, or does not want to be, it runs
as if nobody had asked for coverage, and one line says what is missing."""

import json
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import harness
from counted import COMPILER, HINT, CoverageTest
from harness import GENTLE, needs_another_user, program

READY = "api: ready after <time> at 127.0.0.1:<n>\n"


def needs(name):
    return unittest.skipUnless(shutil.which(name), f"{name} is not installed")


def warning(why):
    return ("gentle: warning: service 'api': only a process that exits by itself keeps its coverage: "
            f"{why}, continuing\n")


class OutOfTheWay(CoverageTest):
    leaks = True  # are looked for

    def assert_same_life(self, *command, told="", end="exit status 0", signals="SIGINT", coverage="1 written",
                         requests=2, **options):
        """The service lives as without coverage; `told` is all that the start says more, and
        `coverage` what the stop does. Returns its log."""
        logs = []
        for collect in (False, True):
            self.collect_coverage(collect)
            self.forget_counts()
            api = self.service("api", *command, ports=["http"], **options)
            self.assert_text(api.start().out, (told if collect else "") + READY)
            self.request(api, requests)
            more = f"; coverage of 1 process: {coverage}" if collect and coverage else ""
            self.assert_text(api.stop().out, f"api: stopped by {signals} after <time>: {end}{more}\n")
            logs.append(self.without_numbers(api.log()))
        self.assertEqual(logs[1], logs[0])
        return logs[0]

    def look_for_no_leaks(self):
        """Of gentle itself, where it is built so: LeakSanitizer uses ptrace."""
        self.leaks = False

    def environment(self, **more):
        environment = super().environment(**more)
        if not self.leaks and "ASAN_OPTIONS" in environment:
            environment["ASAN_OPTIONS"] += ":detect_leaks=0"
        return environment

    def without_numbers(self, text):
        return re.sub(r"0x[0-9a-f]+|\d+|[0-9a-f]{40}", "<n>", text)

    def assert_lost(self, api, why):
        hint = HINT
        if why.startswith("ptrace is forbidden"):
            hint = HINT.replace("hint: ", "hint: allow ptrace (docker run --cap-add SYS_PTRACE), or ")
        self.assert_text(api.stop(code=1).err, "api: stopped by <any>; coverage of 1 process: 1 lost\n"
                         "gentle: error: stop service 'api': coverage of 1 of its 1 "
                         f"processes is lost\n  1: {why}\n     pid <n> (<any>)\n{hint}")


class Debuggers(OutOfTheWay):
    """One process has one tracer: these are let go before they begin."""

    @needs("gdb")
    def test_gdb(self):
        gdb = ("gdb", "-nx", "-q", "-batch", "-ex", "handle SIGINT nostop noprint pass", "-ex", "run", "--args")
        log = self.assert_same_life(
            *gdb, self.compiled("serves"), "@API_PORT@", "handles",
            told=warning("it is traced by pid <n> (gdb <any>) already"))
        self.assertIn("[Inferior <n> (process <n>) exited normally]", log)
        self.assert_counts(main=1, work=100, request=2, returns=1)

    @needs("gdb")
    def test_gdb_attaches_to_what_is_not_instrumented(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        self.assert_gdb_attaches(api)

    @needs("gdb")
    def test_gdb_attaches_with_coverage_off(self):
        self.assert_gdb_attaches(self.serves("handles", coverage="off"))

    def assert_gdb_attaches(self, api):
        api.start()
        api.settle()
        gdb = self.background("gdb", "-nx", "-q", "-batch", "-p", api.pid(), "-ex", "info inferiors").finish()
        self.assertRegex(gdb.out, rf"\n\* 1 +process {api.pid()} ")
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    @needs("strace")
    def test_strace(self):
        trace = self.folder / "trace"
        self.assert_same_life(
            f"strace -f -o {trace} {self.compiled('serves')} $API_PORT handles", shell=True,
            told=warning("it is traced by pid <n> (strace <any>) already"), end="<any>")
        self.assertIn("--- SIGINT ", trace.read_text())
        self.assertIn("+++ exited with 0 +++", trace.read_text())
        self.assert_counts(main=1, work=100, request=2, returns=1)

    @needs("valgrind")
    def test_valgrind(self):
        self.assert_same_life("valgrind", "-q", self.compiled("serves"), "@API_PORT@", "handles",
                              told=warning("valgrind does not go with tracing"))
        self.assert_counts(main=1, work=100, request=2, returns=1)

    @needs("valgrind")
    def test_valgrind_and_no_handler(self):
        """That the counts are lost then must not go unnoticed."""
        api = self.service("api", "valgrind", "-q", self.compiled("serves"), "@API_PORT@", ports=["http"])
        api.start()
        self.assert_lost(api, "valgrind does not go with tracing")

    @needs("strace")
    def test_gentle_itself_is_traced(self):
        self.look_for_no_leaks()
        api = self.serves("handles")
        trace = self.folder / "trace"
        start = self.background("strace", "-f", "-q", "-o", trace, GENTLE, "start", api.spec)
        self.may_be_left.add(start.pid)
        told = b"".join(start.process.stdout.readline() for _ in range(2)).decode()
        self.assert_text(told, warning("it is traced by pid <n> (strace <any>) already") + READY)
        self.assertIn(f" is traced by pid {start.pid} (strace -f -q -o ", told)
        self.gentle("stop", api.spec)
        result = start.finish()  # with the last of what it has traced
        self.assertEqual(result.code, 0, result)
        self.assertEqual(self.ledger(api)["written"], 1)
        self.assert_counts(main=1, work=100, returns=1)

    @needs("strace")
    def test_a_test_is_traced(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        run = self.background("strace", "-f", "-q", "-o", self.folder / "trace", GENTLE, "run", "--with",
                              api.spec, "--", self.compiled("checks"), "abort").finish()
        self.assertIn(": 1 process: 1 lost (it is traced by pid ", run.err)
        self.assertEqual(run.code, -6, run)


class Sanitizers(OutOfTheWay):
    def setUp(self):
        super().setUp()
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            os.environ.pop(name, None)  # what the build of gentle itself needs

    def program_with(self, sanitizer):
        """Older runtimes cannot map their memory where addresses are very random."""
        empty = self.folder / "empty"
        for command in ([COMPILER, f"-fsanitize={sanitizer}", "-x", "c++", "-o", empty, "-"], [empty]):
            done = subprocess.run(command, input=b"int main() {}", capture_output=True, check=False)
            if done.returncode != 0:
                self.skipTest(f"-fsanitize={sanitizer} does not work here: {done.stderr.decode()}")
        return self.compiled("serves", f"-fsanitize={sanitizer}")

    def test_address_sanitizer(self):
        self.assert_same_life(self.program_with("address"), "@API_PORT@", "handles",
                              told=warning("AddressSanitizer does not go with tracing"))
        self.assert_counts(main=1, work=100, request=2, returns=1)

    def test_leaks_are_found(self):
        """Which is done by ptrace, so not under another tracer."""
        for sanitizer, name, code in (("address", "AddressSanitizer", 1), ("leak", "LeakSanitizer", 23)):
            with self.subTest(sanitizer):
                log = self.assert_same_life(self.program_with(sanitizer), "@API_PORT@", "handles", "leaks",
                                            told=warning(f"{name} does not go with tracing"),
                                            end=f"exit status {code}", exit_codes=[code])
                self.assertIn("ERROR: LeakSanitizer: detected memory leaks\n", log)
                self.assertIn("Direct leak of <n> byte(s) in <n> object(s) allocated from:\n", log)

    def test_thread_sanitizer(self):
        served = self.program_with("thread")
        self.assert_same_life(served, "@API_PORT@", "handles",
                              told=warning("ThreadSanitizer does not go with tracing"))
        self.assert_counts(main=1, work=100, request=2, returns=1)

    def test_undefined_behaviour_sanitizer(self):
        """It is followed as any other."""
        log = self.assert_same_life(self.program_with("undefined"), "@API_PORT@", "overflows",
                                    end="death by SIGINT", coverage="1 rescued (SIGINT)\n"
                                    "api: does not handle SIGINT, so its counters are read from its memory; "
                                    "a handler that exits would write them")
        self.assertIn("runtime error: signed integer overflow", log)
        self.assert_counts(main=1, work=100, request=2)

    def test_address_sanitizer_and_no_handler(self):
        api = self.serves(options=["-fsanitize=address"])
        api.start()
        self.assert_lost(api, "AddressSanitizer does not go with tracing")


class Forbidden(OutOfTheWay):
    """In a container, or by a policy."""

    FORBIDDEN = "ptrace is forbidden here, by the container or by ptrace_scope"

    def setUp(self):
        super().setUp()
        self.look_for_no_leaks()

    def without(self, calls):
        self.before = (program("without"), calls, "--")

    def test_no_ptrace(self):
        for error in ("EPERM", "EACCES"):
            self.without(f"ptrace={error},process_vm_readv=EPERM,kcmp=EPERM")
            why = self.FORBIDDEN if error == "EPERM" else "ptrace: Permission denied"
            self.assert_same_life(self.compiled("serves"), "@API_PORT@", "handles", told=warning(why))
            self.assert_counts(main=1, work=100, request=2, returns=1)

    def test_no_ptrace_and_no_handler(self):
        self.without("ptrace=EPERM")
        api = self.serves()
        api.start()
        self.assert_lost(api, self.FORBIDDEN)
        self.assertEqual(self.ledger(api)["lost"], {self.FORBIDDEN: 1})

    def test_no_ptrace_for_what_is_not_instrumented(self):
        self.without("ptrace=EPERM")
        self.assert_same_life(program("listens_tcp"), "@API_PORT@", coverage="")

    def test_no_ptrace_for_a_test(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        self.without("ptrace=EPERM")
        run = self.gentle("run", "--with", api.spec, "--", self.compiled("checks"), "passes")
        self.assertEqual(run.err, "")
        run = self.gentle("run", "--with", api.spec, "--", self.compiled("checks"), "abort", code=-6)
        self.assertIn(f": 1 process: 1 lost ({self.FORBIDDEN})\n", run.err)
        self.assert_counts(checked=10)

    def test_no_calls_for_another_s_memory(self):
        """There is the file, too."""
        self.without("process_vm_readv=EPERM,process_vm_writev=EPERM,kcmp=EPERM")
        api = self.serves("forkpty")
        self.assert_text(api.start().out, READY)
        self.assertIn("; coverage of 3 processes: 3 rescued (SIGINT 2, _exit)\n", api.stop().out)
        self.assert_counts(main=1, worker=2, work=121)

    def test_no_kcmp(self):
        """Then the events tell whose memory a child has."""
        self.without("kcmp=ENOSYS")
        for how, counts in (("forkpty", {"worker": 2, "work": 121}), ("vforks", {"work": 100})):
            with self.subTest(how):
                self.forget_counts()
                api = self.serves(how)
                api.start()
                api.stop()
                self.assert_counts(main=1, **counts)


class UsesPtrace(OutOfTheWay):
    """A service that traces its own children."""

    def test_coverage_off(self):
        api = self.service("api", self.compiled("traces"), "@API_PORT@", "handles", ports=["http"],
                           coverage="off")
        self.assert_text(api.start().out, READY)
        self.assertEqual(api.log(), "stopped by 10, exit status 5\n")
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_it_is_let_go(self):
        api = self.service("api", self.compiled("traces"), "@API_PORT@", "handles", ports=["http"])
        self.assert_text(api.start().out, warning("it uses ptrace itself") + READY)
        self.assertEqual(self.tracer(api.pid()), 0)
        self.assertEqual(api.log(), "stopped by 10, exit status 5\n")
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0; "
                         "coverage of 1 process: 1 written\n")
        self.assert_counts(traced=1, returns=1)


@needs_another_user
class OtherRights(OutOfTheWay):
    """A program that takes the rights of another user does not get them while it is traced."""

    def set_user_id(self, *how):
        self.before = self.some_user()
        binary = self.folder / "set-user-id"
        shutil.copy(self.compiled("serves"), binary)
        os.chown(binary, 0, 0)
        binary.chmod(0o4755)
        return self.service("api", binary, "@API_PORT@", "user", *how, ports=["http"],
                            ready=[("LOG", "^user ")], stop=[("SIGINT", 1), ("SIGTERM", 1)])

    def test_set_user_id(self):
        """It becomes root, whom nobody but root may signal: so it ends by itself."""
        api = self.set_user_id("exits")
        result = self.gentle("start", api.spec, code=0)
        if api.log() != "user 0\n":
            self.skipTest("set-user-ID programs do not work here")
        self.assertIn(warning("it takes the rights of another user, which the kernel refuses to what is "
                              "traced"), result.out)
        pid = api.pid()
        self.request(api, 2)
        self.wait_until_gone(pid)
        self.assertIn("\n  coverage of 1 process: 1 written\n", api.stop(code=1).err)
        self.before = ()
        self.assert_counts(main=1, work=100, request=2)

    def id_of_root(self):
        """A program that says with whose rights it runs: 0, unless somebody traces it."""
        self.before = self.some_user()
        binary = self.folder / "id"
        shutil.copy(shutil.which("id"), binary)
        os.chown(binary, 0, 0)
        binary.chmod(0o4755)
        done = subprocess.run([*self.before, binary, "-u"], capture_output=True, check=False)
        if done.stdout != b"0\n":
            self.skipTest("set-user-ID programs do not work here")
        return binary

    def missing(self, binary):
        return (f"'{binary}' runs without the rights of another user that its file gives: the kernel refuses "
                "them while a process is traced; set COVERAGE OFF to keep them")

    def test_set_user_id_of_a_child(self):
        """It is too late then for more than a word."""
        binary = self.id_of_root()
        line = f"{binary} -u; {binary} -u; exec {self.compiled('serves')} $API_PORT handles"
        warned = f"gentle: warning: service 'api': {self.missing(binary)}, continuing\n"
        for coverage, told in ((None, warned), ("off", "")):
            api = self.service("api", line, shell=True, ports=["http"], coverage=coverage)
            self.assert_text(api.start().out, told + READY)
            api.settle()  # the journal comes after the answer
            self.assertEqual("0\n0\n" == api.log(), coverage == "off", api.log())
            self.assertEqual(api.journal().count(self.missing(binary)), 1 if told else 0)
            self.assertNotIn("warning", api.stop().out)

    def test_set_user_id_after_the_start(self):
        binary = self.id_of_root()
        api = self.service("api", f"trap '{binary} -u; wait; exit 0' INT; {self.compiled('serves')} $API_PORT handles & wait",
                           shell=True, ports=["http"])
        self.assert_text(api.start().out, READY)
        self.assert_text(api.stop().out, f"gentle: warning: service 'api': {self.missing(binary)}, continuing\n"
                         "api: stopped by SIGINT after <time>: exit status 0; coverage of 1 process: 1 written\n")
        self.assertIn(self.missing(binary), api.journal())
        (shown,) = json.loads(self.gentle("status", "--json", "--build", self.build).out)
        self.assertTrue(shown["message"].startswith("api: stopped by SIGINT after "), shown["message"])

    def test_set_user_id_before_a_start_that_fails(self):
        binary = self.id_of_root()
        api = self.service("api", f"{binary} -u; exit 3", shell=True, ports=["http"])
        self.assertTrue(api.start(code=1).err.startswith(
            f"gentle: warning: service 'api': {self.missing(binary)}, continuing\n"
            "gentle: error: start service 'api': it ended before it was ready: exit status 3 after "))

    def test_set_user_id_in_a_test(self):
        binary = self.id_of_root()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        for status in (0, 3):
            run = self.gentle("run", "--with", api.spec, "--", "sh", "-c", f"{binary} -u; exit {status}", code=status)
            self.assertEqual(f"gentle: warning: test 'sh': {self.missing(binary)}\n" in run.err, status == 3, run.err)


if __name__ == "__main__":
    harness.main()
