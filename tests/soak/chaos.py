"""Signals of chance to everything of a build folder: supervisors, their successors, services, tests, `gentle`
commands and ctest itself, at moments of chance, for --seconds. Afterwards `gentle down` has to leave nothing, and
the next run has to pass.

    tests/soak/chaos.py --gentle <gentle> --programs <folder> --ctest <ctest> [--seconds 300] [--seed <n>]
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import soak  # noqa: E402

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGSTOP, signal.SIGCONT,
           signal.SIGQUIT, signal.SIGSEGV]


class Chaos(soak.Soak):
    sent = 0

    def one_signal(self):
        victims = list(self.processes())
        if not victims:
            return
        try:
            os.kill(self.random.choice(victims), self.random.choice(SIGNALS))
            self.sent += 1
        except ProcessLookupError:
            pass

    def disturb(self, seconds):
        """Runs ctest again and again, and sends signals meanwhile."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ctest = self.start_ctest()
            stop = min(end, time.monotonic() + self.random.uniform(0.2, 4))
            while time.monotonic() < stop and ctest.poll() is None:
                select.select([], [], [], self.random.uniform(0.001, 0.08))
                self.one_signal()
            ctest.kill()
            self.finish(ctest)

    def continue_tests(self):
        """Who has been stopped by us, and is no service, is nobody's to continue."""
        for pid, command in self.processes().items():
            if "gentle supervise" not in command:
                try:
                    os.kill(pid, signal.SIGCONT)
                except ProcessLookupError:
                    pass

    def down(self):
        done = subprocess.run([self.options.gentle, "down", "--build", str(self.build)], env=self.environment,
                              capture_output=True, check=False, timeout=soak.LONGEST * 4)
        return done.returncode, soak.text_of(done.stdout + done.stderr)

    def run_chaos(self):
        self.write_project()
        self.disturb(self.options.seconds)
        self.continue_tests()
        code, said = self.down()  # what was killed may be told as no good end
        if code not in (0, 1):
            raise soak.Failed(f"gentle down: exit code {code}\n{said}")
        self.wait_until_nothing_runs("after gentle down")
        code, said = self.down()
        if code != 0 or said:
            raise soak.Failed(f"the second gentle down: exit code {code}\n{said}")
        ctest = self.start_ctest()
        output = self.finish(ctest)
        if ctest.returncode != 0:
            raise soak.Failed(f"the next run fails:\n{output}")
        self.wait_until_nothing_runs("after the next run")
        if sockets := [str(path) for path in self.build.rglob("*") if path.is_socket()]:
            raise soak.Failed(f"sockets are left: {sockets}")
        print(f"{self.sent} signals; nothing is left, and the next run passes")


def main():
    parser = soak.common_arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    print(f"{options.seconds:g} s, --seed {options.seed}", flush=True)
    chaos = Chaos(options)
    try:
        chaos.run_chaos()
    except (soak.Failed, subprocess.TimeoutExpired) as failure:
        print(f"FAILED: {failure}\nsee {chaos.folder}; again: --seed {options.seed}")
        return 1
    finally:
        chaos.kill_all()
    shutil.rmtree(chaos.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
