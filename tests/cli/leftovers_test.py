"""After start and stop nothing is left. Each test of this folder ends with that look (harness.py);
here it is seen to be able to fail, and what no look can tell is made impossible."""

import os
import re
from pathlib import Path

import harness
from harness import GENTLE, ServiceTest, needs_mounts, program
from proc import listeners_on


class Leftovers(ServiceTest):
    def setUp(self):
        super().setUp()
        self.api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])

    def test_the_look_sees_what_is_there(self):
        self.api.start()
        port = self.api.port()
        self.assertEqual(set(self.processes_left()), {self.api.pid(), self.api.supervisor(),
                                                        self.api.successor()})
        self.assertTrue(listeners_on(port))
        self.assertIn(f"@gentle-port-{port}\n", Path("/proc/net/unix").read_text())
        self.assertTrue((self.api.state_dir / "control").is_socket())
        with self.assertRaises(AssertionError):
            self.assert_nothing_left([self.api])

    def test_what_stays_is_for_people(self):
        self.api.start()
        self.api.stop()
        self.assertEqual({path.name for path in self.api.state_dir.iterdir()},
                         {"dir", "log", "state.json", "supervisor.log"})
        self.assertEqual(list((self.api.state_dir / "dir").iterdir()), [])
        for path in [self.api.state_dir, *self.api.state_dir.iterdir()]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, f"{path} is open to other users")

    def test_no_descriptor_of_the_supervisor_is_inherited_from_the_start(self):
        read_end, write_end = os.pipe()
        os.set_inheritable(write_end, True)
        self.gentle("start", self.api.spec, pass_fds=[write_end])
        os.close(write_end)
        # End of file at once: neither supervisor nor service holds the other end.
        os.set_blocking(read_end, False)
        self.assertEqual(os.read(read_end, 1), b"")
        os.close(read_end)
        for pid in (self.api.successor(), self.api.supervisor(), self.api.pid()):
            targets = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in range(3)]
            if pid == self.api.pid():
                outputs = set(targets[1:])  # the pipe of its log
                self.assertEqual(len(outputs), 1, targets)
                self.assertTrue(targets.pop().startswith("pipe:"), targets)
                targets.pop()
            self.assertTrue(all(target == "/dev/null" or target.startswith(str(self.api.state_dir))
                                for target in targets), targets)

    @needs_mounts
    def test_writes_nothing_outside_the_build_folder(self):
        """All else is read-only, each mounted file system for itself, and all works."""
        mounts = re.findall(r"^\S+ (/\S*) \S+ rw", Path("/proc/self/mounts").read_text(), re.MULTILINE)
        script = ('build=$1 gentle=$2 spec=$3; shift 3; mount --bind "$build" "$build"; '
                  'for each; do mount -o remount,bind,ro "$each" 2>&- || :; done; '
                  '! touch "$build/../outside" 2>&-; "$gentle" start "$spec"; '
                  '"$gentle" run --with "$spec" -- true; "$gentle" status >&-; "$gentle" stop "$spec"')
        result = self.background("unshare", "--mount", "sh", "-euc", script, "sh", self.build, GENTLE,
                                 self.api.spec, *mounts, cwd=self.build).finish()
        self.assert_text(result.out, "api: ready after <time> at 127.0.0.1:<n>\n"
                         "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assertEqual((result.code, result.err), (0, ""))


if __name__ == "__main__":
    harness.main()
