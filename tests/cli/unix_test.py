"""READY UNIX: a socket of the service accepts connections."""

import sys

import harness
from harness import ServiceTest, program


class Unix(ServiceTest):
    def listener(self, kind="stream", *more, path="@API_DIR@/s", **options):
        return self.service("api", program("unix_listener"), path, kind, *more,
                            ready=[("UNIX", path)], **options)

    def test_every_type_of_socket(self):
        for kind in "stream", "seqpacket", "dgram":
            with self.subTest(kind=kind):
                api = self.listener(kind)
                self.assert_text(api.start().out, "api: ready after <time>\n")
                api.stop()

    def test_a_bound_socket_is_not_enough(self):
        gate = self.gate()
        api = self.listener("stream", gate)
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertTrue((api.state_dir / "dir/s").is_socket())
        self.assertEqual(api.state()["phase"], "starting")
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_bound_and_never_listening(self):
        gate = self.gate()

        def attempt(seconds, words):
            api = self.listener("stream", gate, start_timeout=seconds)
            self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for UNIX socket {api.state_dir}/dir/s: Connection refused
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_no_socket(self):
        api = self.service("api", program("never_ready"), ready=[("UNIX", "/nowhere/at/all")],
                           start_timeout=0.2)
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within 200 ms
  waiting for UNIX socket /nowhere/at/all: No such file or directory
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

    def test_a_path_below_the_working_directory(self):
        api = self.service("api", program("unix_listener"), "s", "stream", ready=[("UNIX", "s")],
                           working_directory=self.work)
        api.start()
        api.stop()
        (self.work / "s").unlink()

    def test_a_socket_that_nobody_listens_on_any_more(self):
        stale = self.work / "s"
        first = self.listener(path=stale)
        first.start()
        first.stop()
        self.assertTrue(stale.is_socket())
        second = self.service("api", program("never_ready"), ready=[("UNIX", stale)],
                              start_timeout=0.2)
        self.assertIn(f"waiting for UNIX socket {stale}: Connection refused\n",
                      second.start(code=1).err)

    def strange_listener(self):
        path = self.work / "s"
        script = ("import socket, signal; s = socket.socket(socket.AF_UNIX);"
                  f"s.bind({str(path)!r}); s.listen(); print(flush=True); signal.pause()")
        stranger = self.stranger(sys.executable, "-c", script)
        stranger.process.stdout.readline()
        return path, stranger.pid

    def test_a_stranger_does_not_count(self):
        path, pid = self.strange_listener()
        api = self.service("api", program("never_ready"), ready=[("UNIX", path)],
                           start_timeout=0.2)
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within 200 ms
  waiting for UNIX socket {path}: pid {pid} (<any>python<any>) listens there, not this service
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

    def test_a_stranger_whose_socket_the_service_replaces(self):
        path, _ = self.strange_listener()
        self.listener(path=path).start()

    def abstract(self, kind="unix", **options):
        name = f"@@gentle-@API_DIR@-{kind}"
        return self.service("api", program("listens_at"), f"{kind}:{name}", ready=[("UNIX", name)], **options)

    def test_an_abstract_socket(self):
        for kind in "unix", "dgram":
            with self.subTest(kind=kind):
                api = self.abstract(kind)
                self.assert_text(api.start().out, "api: ready after <time>\n")
                api.stop()

    def test_an_abstract_socket_of_a_daemon_whose_starter_is_gone(self):
        name = f"@@gentle-{self.folder}"
        script = ("import os, signal, socket; s = socket.socket(socket.AF_UNIX);"
                  f"s.bind('\\0gentle-{self.folder}'); s.listen(); os.fork() and os._exit(0); signal.pause()")
        api = self.service("api", f"{sys.executable} -c \"{script}\" & wait; exec '{program('never_ready')}'",
                           shell=True, ready=[("UNIX", name)])
        api.start()

    def test_an_abstract_name_that_is_padded_with_nul_bytes(self):
        script = ("import os, signal, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
                  f"s.bind('\\0gentle-{self.folder}'.ljust(108, '\\0')); signal.pause()")
        api = self.service("api", sys.executable, "-c", script, ready=[("UNIX", f"@@gentle-{self.folder}")],
                           exit_codes=["1", "SIGINT"])
        api.start()

    def test_nobody_listens_on_the_abstract_name(self):
        api = self.service("api", program("never_ready"), ready=[("UNIX", "@@gentle-nobody")],
                           start_timeout=0.2)
        self.assertIn("  waiting for UNIX socket @gentle-nobody: nobody listens\n", api.start(code=1).err)

    def strange_abstract(self, kind, then="pass"):
        script = (f"import os, socket, signal; s = socket.socket(socket.AF_UNIX, socket.{kind});"
                  f"s.bind('\\0gentle-{self.folder}'); {then}; print(flush=True); signal.pause()")
        stranger = self.stranger(sys.executable, "-c", script)
        stranger.process.stdout.readline()
        return stranger

    def assert_no_count(self, who):
        api = self.service("api", program("never_ready"), ready=[("UNIX", f"@@gentle-{self.folder}")],
                           start_timeout=0.2)
        self.assert_text(self.gentle("start", api.spec, code=1).err.splitlines()[1],
                         f"  waiting for UNIX socket @gentle-{self.folder}: {who} listens there, not this service")

    def test_a_stranger_on_the_abstract_name_does_not_count(self):
        stranger = self.strange_abstract("SOCK_STREAM", "s.listen()")
        self.assert_no_count(f"pid {stranger.pid} (<any>python<any>)")

    def test_a_stranger_with_a_datagram_socket_does_not_count(self):
        stranger = self.strange_abstract("SOCK_DGRAM")
        self.assert_no_count(f"pid {stranger.pid} (<any>python<any>)")

    def test_a_stranger_whose_listener_was_left_by_another_does_not_count(self):
        stranger = self.strange_abstract("SOCK_STREAM", "os.fork() == 0 and (s.listen(), os._exit(0)); os.wait()")
        self.assert_no_count(f"pid {stranger.pid} (<any>python<any>)")

    def test_an_abstract_name_that_is_too_long(self):
        name = "x" * 108
        api = self.service("api", program("never_ready"), ready=[("UNIX", "@@" + name)])
        self.assert_text(api.start(code=125).err, f"""\
gentle: error: wait for UNIX socket '@{name}': its path has 109 bytes, a socket path holds 108
hint: give the service and READY UNIX a shorter name
""")

    def test_a_path_that_is_too_long(self):
        path = "/tmp/" + "x" * 104
        api = self.listener(path=path)
        self.assert_text(api.start(code=125).err, f"""\
gentle: error: wait for UNIX socket '{path}': its path has 109 bytes, a socket path holds 107
hint: give the service and READY UNIX a shorter path, such as one below /run or /tmp
""")


if __name__ == "__main__":
    harness.main()
