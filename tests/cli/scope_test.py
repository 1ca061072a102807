"""SCOPE TEST: an instance of its own for each test, and what is left when the test is killed."""

import json
import signal

import harness
from harness import GENTLE, ServiceTest, program


class ScopeTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.declare(program("listens_tcp"), "@CART_PORT@", ready=[("TCP", "http"), ("LOG", "^listening$")])

    def declare(self, *command, ready=()):
        self.cart = self.service("cart", *command, ports=["http"], ready=ready, scope="test")
        self.services.remove(self.cart)  # has no state of its own

    def instances(self):
        return sorted(self.cart.state_dir.iterdir()) if self.cart.state_dir.exists() else []

    def run_and_kill(self, with_supervisor=False):
        """A test that is killed while its instance is ready."""
        gate = self.gate()
        before = set(self.instances())
        run = self.background(GENTLE, "run", "--with", self.cart.spec, "--", "sh", "-c",
                              f"read x < {gate}")
        gate.wait_until_reached()
        (folder,) = set(self.instances()) - before
        instance = harness.Service(self, "cart", self.cart.spec, folder, [])
        if with_supervisor:
            supervisors = [pid for pid, command in self.processes_left().items()
                           if "gentle supervise" in command]
            for pid in supervisors:
                self.signal(signal.SIGKILL, pid)
            for pid in supervisors:
                self.wait_until_gone(pid)
        run.kill()
        gate.close()
        (self.gates / "gate").unlink()
        return instance

    def test_a_good_one_leaves_nothing(self):
        self.gentle("run", "--with", self.cart.spec, "--", "true")
        self.assertEqual(self.instances(), [])

    def test_a_killed_test_leaves_its_log_but_no_process(self):
        instance = self.run_and_kill()
        self.wait_until_all_ended()
        self.assertEqual(instance.state()["phase"], "stopped")
        self.assertEqual(instance.log(), "listening\n")

    def test_what_killed_tests_leave_does_not_pile_up(self):
        for _ in range(12):
            instance = self.run_and_kill()
            self.wait_until_all_ended()
        newest = instance.state_dir
        self.gentle("run", "--with", self.cart.spec, "--", "true")
        self.assertEqual(len(self.instances()), 8)
        self.assertIn(newest, self.instances())

    def test_what_a_killed_supervisor_left_is_ended_by_the_next_test(self):
        self.declare(program("forks_daemon"), "@CART_PORT@", "stays")
        self.run_and_kill(with_supervisor=True)
        left = self.processes_left()
        self.assertIn("forks_daemon", " ".join(left.values()))
        self.gentle("run", "--with", self.cart.spec, "--", "true")
        self.assertEqual(self.processes_left(), {})

    def test_down_ends_what_a_killed_supervisor_left(self):
        self.declare(program("forks_daemon"), "@CART_PORT@", "stays")
        self.run_and_kill(with_supervisor=True)
        self.assertIn("forks_daemon", " ".join(self.processes_left().values()))
        result = self.gentle("down", "--build", self.build, code=1)
        self.assertIn("gentle: error: stop service 'cart': its supervisor was killed; what it left "
                      "has been stopped\n", result.err)
        self.assertEqual(self.processes_left(), {})
        self.assertEqual(self.gentle("down", "--build", self.build).out, "")

    def test_an_instance_is_seen_while_its_test_runs(self):
        gate = self.gate()
        run = self.background(GENTLE, "run", "--with", self.cart.spec, "--", "sh", "-c",
                              f"echo $CART_PID; read x < {gate}")
        gate.wait_until_reached()
        pid = int(run.process.stdout.readline())
        (seen,) = json.loads(self.gentle("status", "--json", "--build", self.build, "cart").out)
        self.assertEqual((seen["main"]["pid"], seen["condition"]), (pid, "ready"))
        self.assert_text(self.gentle("down", "--build", self.build).out,
                         "cart: stopped by SIGINT after <time>: exit status 0\n")
        gate.open()
        self.assertIn(f"gentle: warning: service 'cart' (pid {pid}) ended while the test runs",
                      run.finish().err)

    def test_another_process_of_the_same_pid_is_another_instance(self):
        """What is left of a killed test is not taken for a service that the next one shares."""
        instance = self.run_and_kill()
        self.wait_until_all_ended()
        pid, _, time = instance.state_dir.name.partition("-")
        self.assertTrue(pid.isdigit() and time.isdigit(), instance.state_dir.name)

    def test_a_test_within_a_test_shares_its_instance(self):
        inner = f"'{GENTLE}' run --with '{self.cart.spec}' -- sh -c 'echo $CART_PID'"
        result = self.gentle("run", "--with", self.cart.spec, "--", "sh", "-c",
                             f"echo $CART_PID; {inner}")
        outer, inner = result.out.split()
        self.assertEqual(inner, outer)


if __name__ == "__main__":
    harness.main()
