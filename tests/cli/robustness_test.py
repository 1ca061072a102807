"""What goes wrong around a service: many starts at once, folders that vanish, races, long paths."""

import signal
import socket

import harness
from harness import GENTLE, ServiceTest, needs_ipv6, program
from proc import link_of, listeners_on, numbers

class AtOnce(ServiceTest):
    def test_an_early_exit_is_told_at_once_whatever_is_left(self):
        gate = self.gate()
        api = self.service("api", f"trap '' INT; cat '{gate}' & exit 3", shell=True, ports=["http"],
                           stop=[("SIGINT", 60)])
        result = api.start_in_background().finish()
        self.assertEqual(result.code, 1)
        self.assertIn("it ended before it was ready: exit status 3", result.err)
        self.assertEqual(api.state()["phase"], "stopping")
        gate.open()
        gate.close()
        api.stop()

    def test_many_starts_of_one_service(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        starts = [api.start_in_background() for _ in range(50)]
        results = [start.finish() for start in starts]
        self.assertEqual({result.code for result in results}, {0}, results[0])
        self.assertEqual(api.journal().count("started as pid"), 1)
        api.stop()

    def test_many_starts_and_stops_of_one_service(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        running = []
        for _ in range(10):
            running += [api.start_in_background() for _ in range(2)]
            running.append(self.background(GENTLE, "stop", api.spec))
        for each in running:
            result = each.finish()
            if result.code == 1:  # a stop came between
                self.assertEqual(result.err, "gentle: error: start service 'api': it was stopped "
                                 "before it was ready\n")
            else:
                self.assertEqual(result.code, 0, result)
        self.gentle("stop", api.spec)
        self.assert_nothing_left([api])

    def test_many_services(self):
        services = [self.service(f"s{n}", program("listens_tcp"), f"@S{n}_PORT@", ports=["http"])
                    for n in range(20)]
        starts = [service.start_in_background() for service in services]
        self.assertEqual({start.finish().code for start in starts}, {0})
        self.assertEqual(len({service.port() for service in services}), 20)
        self.gentle("down", "--build", self.build)
        self.assert_nothing_left(services)


class Races(ServiceTest):
    def wait_for_end(self, service):
        """Of its main process; the stop would be its cause else."""
        if pid := service.pid():
            self.wait_until_gone(pid)

    def test_a_service_that_listens_and_ends_at_once(self):
        """Ready, or ended before: either is true, and nothing waits for the time-out."""
        for n in range(25):
            api = self.service("api", program("listens_and_exits"), "@API_PORT@", n, ports=["http"])
            result = self.gentle("start", api.spec, code=None)
            self.assertLess(result.seconds, 10)
            if result.code == 0:
                self.wait_for_end(api)
                self.assertIn(f"it had ended by itself: exit status {n}, ",
                              api.stop(code=1).err)
            else:
                self.assertIn(f"it ended before it was ready: exit status {n} after ", result.err)
                self.assert_nothing_left([api])

    def test_a_service_that_says_ready_and_ends_at_once(self):
        for what in ([r"READY=1\nSTATUS=bye", "exit:7"], ["child:READY=1", "exit:7"]):
            for _ in range(8):
                api = self.service("api", program("notifies"), *what, ready=[("NOTIFY",)])
                result = self.gentle("start", api.spec, code=None)
                self.assertIn(result.code, (0, 1), result)
                if result.code == 0:
                    self.wait_for_end(api)
                    api.stop(code=1)
                else:
                    self.assertIn("exit status 7 after ", result.err)
                    self.assert_nothing_left([api])

    def test_a_program_that_ends_before_anything_else(self):
        api = self.service("api", "true", ready=[("EXIT",)])
        for _ in range(25):
            api.start()
            api.stop()

    def test_an_early_exit_is_told_at_once(self):
        api = self.service("api", program("exits_early"), 9, 0, ports=["http"], start_timeout=60)
        self.assertLess(api.start(code=1).seconds, 10)


class Folders(ServiceTest):
    def test_the_build_folder_is_removed_while_it_runs(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        last, port = api.successor(), api.port()
        self.remove_folder(self.build)
        self.wait_until_gone(last)
        self.assertEqual(self.processes_left(), {})
        self.assertFalse(listeners_on(port))
        self.build.mkdir()

    def test_a_service_that_is_ready_keeps_no_inotify_instance(self):
        """A user's programs have 128 of them together, on most machines."""
        self.start_one_of_each_kind()
        for service in self.services:
            service.settle()
            fds = f"/proc/{service.supervisor()}/fd"
            links = [link_of(f"{fds}/{fd}") for fd in numbers(fds)]
            self.assertNotIn("anon_inode:inotify", links)

    def test_where_no_change_of_a_folder_is_told(self):
        self.start_one_of_each_kind(program("without"), "f_notify=EINVAL", "--")
        log = self.services[0]
        last = log.successor()
        self.remove_folder(log.state_dir)  # is still noticed
        self.wait_until_gone(last)

    def start_one_of_each_kind(self, *launcher):
        """Of those that wait for something in a folder."""
        for name, command, ready in (
                ("log", [program("logs"), "ready\\n"], ("LOG", "ready")),
                ("file", [program("makes_file"), "@FILE_DIR@/ready"], ("FILE", "@FILE_DIR@/ready")),
                ("unix", [program("unix_listener"), "@UNIX_DIR@/s", "stream"],
                 ("UNIX", "@UNIX_DIR@/s"))):
            service = self.service(name, *command, ready=[ready])
            result = self.background(*launcher, GENTLE, "start", service.spec).finish()
            self.assertEqual(result.code, 0, result)

    def test_the_build_folder_is_removed_while_it_starts(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        api.settle()
        self.remove_folder(api.state_dir)
        result = start.finish()
        # If the folder goes before its log, nobody knows of that.
        removed = f"gentle: warning: service 'api': its log was removed while it ran, '{api.log_path}', continuing\n"
        self.assertEqual((result.code, result.err.removeprefix(removed)),
                         (1, "gentle: error: start service 'api': it was stopped before it was ready: "
                             "its state folder was removed\n"))
        self.assertEqual(self.processes_left(), {})

    def test_a_deep_build_folder(self):
        for name in "x" * 200, "with a space/" + "y" * 100, "überlänge/" + "ß" * 60:
            with self.subTest(name=name):
                state = self.build / name / "Testing/Fixtures/api"
                api = self.service("api", program("unix_listener"), "s", "stream", state=state,
                                   working_directory="@API_DIR@",
                                   ready=[("FILE", "s"), ("COMMAND", "test", "-S", "s")])
                api.start()
                self.gentle("run", "--with", api.spec, "--", "test", "-S", f"{state}/dir/s")
                self.assertIn("ready", self.gentle("status", cwd=state / "dir").out)
                owner = self.ctest()
                owner.gentle("start", api.spec)
                self.assertEqual(owner.gentle("stop", api.spec).out,
                                 "api: left running, still used by a start by hand\n")
                owner.kill()
                api.stop()

    def test_a_deep_build_folder_with_notify(self):
        state = self.build / ("n" * 200) / "Testing/Fixtures/api"
        api = self.service("api", program("notifies"), "READY=1", ready=[("NOTIFY",)], state=state)
        api.start()
        api.stop()

    @harness.needs_mounts
    def test_the_disk_is_full_while_the_service_runs(self):
        flood, full = self.gate("flood"), self.gate("full")
        disk = self.folder / "disk"
        disk.mkdir()
        api = self.service("api", program("logs"), r"ready\n", f"gate:{flood}", "lines:50000",
                           f"gate:{full}", ready=[("LOG", "^ready$")],
                           state=disk / "Testing/Fixtures/api")
        script = ('mount -t tmpfs -o size=256k none "$1"; "$2" start "$3"; read x < "$4"; '
                  '"$2" stop "$3"; umount "$1"')
        stop = self.gate("stop")
        running = self.background("unshare", "--mount", "sh", "-euc", script, "sh", disk, GENTLE,
                                  api.spec, stop)
        flood.wait_until_reached()
        stop.wait_until_reached()  # it is ready
        flood.open()
        full.wait_until_reached()  # the service itself goes on
        full.open()
        stop.open()
        result = running.finish()
        self.assertEqual(result.code, 0, result)
        self.assert_text(result.out, f"""\
api: ready after <time>
gentle: warning: service 'api': its log lacks <n> bytes, '{api.log_path}': No space left on device, \
continuing
api: stopped by SIGINT after <time>: exit status 0
""")


class Strangers(ServiceTest):
    @needs_ipv6
    def test_a_stranger_on_the_other_address_family(self):
        """A connection to 127.0.0.1 reaches the service: who has ::1 does not matter."""
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        with socket.socket(socket.AF_INET6) as other:
            other.bind(("::1", api.port()))
            other.listen()
            self.gentle("start", api.spec)
            self.assertEqual(api.variables()["API_HOST"], "127.0.0.1")

    def test_who_connects_to_the_control_socket_and_says_nonsense(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        for words in b"", b"dance\n", b"\0\n", b"x" * 10000, b"start\n", b"stop-it\n", b"start x y\n":
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(api.state_dir / "control"))
                connection.sendall(words)
                while words.endswith(b"\n") and connection.recv(65536):
                    pass
        api.settle()
        self.assertEqual(api.state()["phase"], "ready")
        self.gentle("stop", api.spec)


if __name__ == "__main__":
    harness.main()
