"""The variables of services, and @NAME@ wherever it is replaced."""

import os

import harness
from harness import ServiceTest, program


class Variables(ServiceTest):
    def environment_of(self, service):
        """Of a service that is `env`, a one-shot."""
        service.start()
        return dict(line.split("=", 1) for line in service.lines() if "=" in line)

    def test_all_of_a_service(self):
        api = self.service("my-api", program("listens_tcp"), "@MY_API_PORT@",
                           ports=["http", "admin-1"], export={"MY_URL": "http://@MY_API_HOST@:"
                           "@MY_API_ADMIN_1_PORT@/", "MY_PID": "pid @MY_API_PID@"})
        api.start()
        http, admin = api.port("http"), api.port("admin-1")
        self.assertNotEqual(http, admin)
        self.assertEqual(api.variables(), {
            "MY_API_HOST": "127.0.0.1", "MY_API_PORT": str(http), "MY_API_HTTP_PORT": str(http),
            "MY_API_ADMIN_1_PORT": str(admin), "MY_API_DIR": f"{api.state_dir}/dir",
            "MY_API_LOG": f"{api.state_dir}/log", "MY_API_PID": str(api.pid()),
            "MY_URL": f"http://127.0.0.1:{admin}/", "MY_PID": f"pid {api.pid()}"})

    def test_reach_the_service_itself(self):
        api = self.service("api", "env", ports=["http"], ready=[("EXIT",)],
                           environment={"URL": "http://@API_HOST@:@API_PORT@", "EMPTY": "",
                                        "ODD": "a=b;c \\ $x \"q\" läuft"})
        seen = self.environment_of(api)
        port = api.variables()["API_PORT"]
        self.assertEqual(
            {name: seen[name] for name in ("API_HOST", "API_PORT", "API_HTTP_PORT", "API_DIR",
                                           "API_LOG", "URL", "EMPTY", "ODD")},
            {"API_HOST": "127.0.0.1", "API_PORT": port, "API_HTTP_PORT": port,
             "API_DIR": f"{api.state_dir}/dir", "API_LOG": f"{api.state_dir}/log",
             "URL": f"http://127.0.0.1:{port}", "EMPTY": "", "ODD": "a=b;c \\ $x \"q\" läuft"})

    def test_reach_dependents_and_theirs(self):
        db = self.service("db", program("listens_tcp"), "@DB_PORT@", ports=["sql"],
                          export={"DB_URL": "sql://@DB_PORT@"})
        cache = self.service("cache", program("listens_tcp"), "@CACHE_PORT@", ports=["x"],
                             depends=[db])
        api = self.service("api", "env", ready=[("EXIT",)], depends=[cache],
                           environment={"BOTH": "@DB_URL@ @CACHE_X_PORT@"})
        db.start()
        cache.start()
        seen = self.environment_of(api)
        self.assertEqual(seen["BOTH"], f"sql://{db.port()} {cache.port()}")
        self.assertEqual(seen["DB_PID"], str(db.pid()))
        self.assertEqual(seen["DB_URL"], f"sql://{db.port()}")

    def test_in_the_arguments_as_written(self):
        words = ["", " a  b ", ";", "\\", "$HOME", "[x]", "'", '"', "ä", "@@", "a@b", "@API_DIR@/x",
                 "@@API_DIR@@", "*"]
        api = self.service("api", "printf", "<%s>\\n", *words, ready=[("EXIT",)])
        api.start()
        words[9], words[11], words[12] = "@", f"{api.state_dir}/dir/x", "@API_DIR@"
        self.assertEqual(api.lines(), [f"<{word}>" for word in words])

    def test_in_the_working_directory(self):
        api = self.service("api", "pwd", ready=[("EXIT",)], working_directory="@API_DIR@")
        api.start()
        self.assertEqual(api.lines(), [f"{api.state_dir}/dir"])

    def test_the_scratch_folder_is_empty_at_each_start(self):
        api = self.service("api", "mkdir", "@API_DIR@/a", ready=[("EXIT",)])
        for _ in range(3):
            api.start()
            api.stop()

    def test_an_unknown_name(self):
        for where, options in (
                ("COMMAND of 'api'", {"command": "@API_PROT@"}),
                ("ENVIRONMENT X of 'api'", {"environment": {"X": "@API_PROT@"}}),
                ("EXPORT X of 'api'", {"export": {"X": "@API_PROT@"}}),
                ("READY LOG of 'api'", {"ready": [("LOG", "@API_PROT@")]}),
                ("WORKING_DIRECTORY of 'api'", {"working_directory": "/@API_PROT@"})):
            with self.subTest(where=where):
                command = options.pop("command", "x")
                api = self.service("api", program("ignores_sigint_and_sigterm"), command, ports=["http"],
                                   **options)
                err = api.start(code=125).err
                self.assert_nothing_left([api])
                self.assert_text(err.split("known here")[0], f"gentle: error: replace in {where} "
                                 "'@API_PROT@': no variable has this name, did you mean "
                                 "'@API_PORT@'?\n")
                self.assertIn("known here: API_DIR, API_HOST, API_HTTP_PORT, API_LOG, ", err)
                self.assertIn("\nhint: write @@ for one @, or add the service that gives it to "
                              "DEPENDS or FIXTURES\n", err)
                self.assertFalse(api.state_dir.exists())

    def test_a_name_of_a_service_that_it_does_not_depend_on(self):
        db = self.service("db", program("listens_tcp"), "@DB_PORT@", ports=["sql"])
        db.start()
        api = self.service("api", "env", ready=[("EXIT",)], environment={"X": "@DB_PORT@"})
        self.assertIn("'@DB_PORT@': no variable has this name", self.gentle(
            "start", api.spec, code=125).err)

    def test_a_dependency_that_was_not_started(self):
        db = self.service("db", program("listens_tcp"), "@DB_PORT@", ports=["sql"])
        api = self.service("api", "env", ready=[("EXIT",)], depends=[db])
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: use service 'db': it was not started, or is stopped already
hint: gentle start {db.spec}, or ctest without -FS, -FA and -E for this fixture
""")

    def test_a_dependency_that_is_disabled(self):
        db = self.service("db", program("listens_tcp"), "@DB_PORT@", ports=["sql"])
        api = self.service("api", "env", ready=[("EXIT",)], depends=[db])
        self.assert_text(self.gentle("start", api.spec, env={"GENTLE_DISABLED_DB": "1"}, code=77).err, """\
gentle: error: start service 'api': it depends on 'db', whose start is disabled in CTest
""")

    def test_two_services_that_give_one_name(self):
        for name in "a", "b":
            self.service(name, "true", ready=[("EXIT",)], export={"URL": name}).start()
        both = self.service("both", "true", ready=[("EXIT",)], depends=self.services)
        self.assertIn("'b': another service gives 'URL' a different value\n",
                      both.start(code=125).err)


class Inheritance(ServiceTest):
    def test_nothing_of_the_caller_but_the_environment(self):
        folder = os.open("/", os.O_RDONLY)
        fds = [os.dup2(folder, fd, inheritable=True) for fd in range(50, 250)]
        try:
            api = self.service("api", program("tells_inheritance"), ready=[("LOG", "^done$")])
            api.start(pass_fds=fds, preexec_fn=lambda: os.umask(0o027))
        finally:
            for fd in [*fds, folder]:
                os.close(fd)
        self.assertEqual(api.lines(), ["descriptors: 0 1 2", "ignored:", "blocked: 0",
                                       "umask: 027", "group leader: yes",
                                       f"folder: {self.work}", "done"])

    def test_the_current_folder_was_removed(self):
        gone = self.work / "gone"
        gone.mkdir()
        api = self.service("api", program("never_ready"), ready=[("COMMAND", "true")])
        result = self.gentle("start", api.spec, code=125, cwd=gone,
                             preexec_fn=gone.rmdir)
        self.assertEqual(result.err, "gentle: error: find 'current folder': No such file or "
                         "directory\n")
        api = self.service("api", program("never_ready"), ready=[("COMMAND", "true")],
                           working_directory=self.work)
        gone.mkdir()
        self.gentle("start", api.spec, cwd=gone, preexec_fn=gone.rmdir)


if __name__ == "__main__":
    harness.main()
