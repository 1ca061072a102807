"""Services by name, from the build folder or below it: start, stop, restart, run, env, status, logs."""

import json
import shutil
import signal
from pathlib import Path

import harness
from harness import ServiceTest, program

STOPPED = "stopped by SIGINT after <time>: exit status 0\n"


class Named(ServiceTest):
    """web needs api, which needs db and the one-shot load."""

    config = ""

    def setUp(self):
        super().setUp()
        self.specs = self.build / "CMakeFiles/GentleFixtures"
        self.specs.mkdir(parents=True)
        self.below = self.build / "src/tests"
        self.below.mkdir(parents=True)

    def declare(self, name, *command, **options):
        """As CMake does."""
        service = self.service(name, *(command or (program("listens_tcp"), f"@{name.upper()}_PORT@")),
                               **({"ports": ["main"]} if not command else {}), **options)
        folder = self.specs / self.config
        folder.mkdir(exist_ok=True)
        shutil.move(service.spec, folder / f"{name}.spec")
        service.spec = str(folder / f"{name}.spec")
        return service

    def declare_all(self):
        self.db = self.declare("db")
        self.load = self.declare("load", "sh", "-c", "echo loaded", ready=[("EXIT",)])
        self.api = self.declare("api", depends=[self.db, self.load])
        self.web = self.declare("web", depends=[self.api])

    def here(self, *arguments, **options):
        return self.gentle(*arguments, cwd=self.below, **options)

    def ready(self, *services):
        return "".join(f"{service.name}: ready after <time>" +
                       (f" at 127.0.0.1:{service.port()}" if service.ports() else "") + "\n"
                       for service in services)

    def runs(self, service):
        return (service.state_dir / "control").exists()

    def kill(self, name):
        pid = getattr(self, name).pid()
        self.signal(signal.SIGKILL, pid)
        self.wait_until_gone(pid)

    def assert_refused(self, message, *arguments, code=2, **options):
        result = self.here(*arguments, code=code, **options)
        self.assertEqual((result.err, result.out), (f"gentle: error: {message}\n", ""))


class Start(Named):
    def setUp(self):
        super().setUp()
        self.declare_all()

    def test_brings_dependencies_along_and_prints_a_line_for_each(self):
        result = self.here("start", "api")
        self.assert_text(result.out, self.ready(self.db, self.load, self.api))
        self.assertEqual(result.err, "")
        self.assertEqual(self.load.lines(), ["loaded"])  # awaited
        self.assertFalse(self.web.state_dir.exists())

    def test_several(self):
        other = self.declare("other")
        self.assert_text(self.here("start", "other", "db").out, self.ready(other, self.db))

    def test_all(self):
        self.declare("cart", scope="test")
        self.assert_text(self.here("start").out, self.ready(self.db, self.load, self.api, self.web))

    def test_from_elsewhere(self):
        self.assert_text(self.gentle("start", "db", "--build", "../build", cwd=self.work).out,
                         self.ready(self.db))

    def test_a_path_is_that_service_alone(self):
        result = self.here("start", self.web.spec, code=1)
        self.assertIn("use service 'db': it was not started", result.err)
        self.here("start", "api")
        self.assert_text(self.here("start", "../../CMakeFiles/GentleFixtures/web.spec").out,
                         self.ready(self.web))

    def test_names_those_that_are_not_started_for_a_failure(self):
        self.load = self.declare("load", "false", ready=[("EXIT",)])
        result = self.here("start", code=1)
        self.assertIn("gentle: error: start service 'load'", result.err)
        self.assertTrue(result.err.endswith("\ngentle: not started for that: api, web\n"), result)
        self.assertTrue(self.runs(self.db))

    def test_of_scope_test_only(self):
        for service in self.services:
            Path(service.spec).unlink()
        self.declare("cart", scope="test")
        self.assert_refused(f"find services '{self.specs}': all of them are of SCOPE TEST: their tests "
                            "start them\nhint: name one to start it all the same", "start")
        self.assertIn("cart: ready after", self.here("start", "cart").out)

    def test_stays_when_a_ctest_has_used_it_and_is_replaced_when_it_has_changed(self):
        self.here("start", "db")
        pid = self.db.pid()
        first = self.ctest()
        first.gentle("start", self.db.spec)
        self.assertEqual(first.gentle("stop", self.db.spec).out,
                         "db: left running, still used by a start by hand\n")
        first.kill()
        self.db.settle()
        self.assertEqual(self.db.pid(), pid)
        Path(self.db.spec).write_text(Path(self.db.spec).read_text().replace("\nend\n",
                                                                            "\nenvironment A=1\nend\n"))
        second = self.ctest()
        second.gentle("start", self.db.spec)
        self.assertNotEqual(self.db.pid(), pid)
        self.assert_text(self.here("stop", "db").out, f"db: {STOPPED}")


class Stop(Named):
    def setUp(self):
        super().setUp()
        self.declare_all()
        self.here("start")

    def test_leaves_the_others_and_names_those_that_use_it(self):
        result = self.here("stop", "api")
        self.assert_text(result.out, f"api: {STOPPED}")
        self.assertEqual(result.err, "gentle: warning: service 'web' runs on, and depends on what was "
                         "stopped\nhint: gentle stop web\n")
        self.assertTrue(self.runs(self.db))
        self.assertTrue(self.runs(self.web))
        self.assert_text(self.here("stop", "web").out, f"web: {STOPPED}")

    def test_users_first(self):
        result = self.here("stop", "db", "web", "api")
        self.assert_text(result.out, f"web: {STOPPED}api: {STOPPED}db: {STOPPED}")
        self.assertEqual(result.err, "")

    def test_all(self):
        result = self.here("stop")
        self.assert_text(result.out, f"web: {STOPPED}api: {STOPPED}load: <any>\ndb: {STOPPED}")
        self.assertEqual(result.err, "")
        self.assertIn("db: not running\n", self.here("stop").out)

    def test_down_stops_them_as_well(self):
        self.here("down")
        self.assertFalse(any(self.runs(service) for service in self.services))

    def test_the_worst_end_counts_and_the_others_are_stopped(self):
        self.kill("web")
        result = self.here("stop", "web", "db", code=1)
        self.assert_text(result.out, f"db: {STOPPED}")


class Restart(Named):
    def setUp(self):
        super().setUp()
        self.declare_all()

    def test_starts_what_does_not_run(self):
        self.assert_text(self.here("restart", "db").out, f"db: not running\n{self.ready(self.db)}")

    def test_restarts_running_users_as_well(self):
        self.here("start")
        pids = [service.pid() for service in (self.db, self.api, self.web)]
        self.here("stop", "web")
        result = self.here("restart", "db")
        self.assertEqual(result.err, "")
        self.assert_text(result.out, f"api: {STOPPED}db: {STOPPED}{self.ready(self.db, self.api)}")
        self.assertFalse(self.runs(self.web))
        self.assertFalse({self.db.pid(), self.api.pid()} & set(pids))
        self.assertIn(f":{self.db.port()}", self.db.state()["address"])

    def test_what_stands_between_two_that_are_named(self):
        self.here("start")
        result = self.here("restart", "web", "db")
        self.assert_text(result.out, f"web: {STOPPED}api: {STOPPED}db: {STOPPED}"
                         + self.ready(self.db, self.load, self.api, self.web))

    def test_all(self):
        self.here("start")
        pid = self.web.pid()
        self.here("restart")
        self.assertNotEqual(self.web.pid(), pid)

    def test_by_path(self):
        self.here("start", "db")
        pid = self.db.pid()
        self.here("restart", self.db.spec)
        self.assertNotEqual(self.db.pid(), pid)

    def test_a_bad_end_is_told_and_it_is_started_all_the_same(self):
        self.here("start", "db")
        self.kill("db")
        result = self.here("restart", "db", code=1)
        self.assert_text(result.out, self.ready(self.db))
        self.assertIn("SIGKILL", result.err)


class Env(Named):
    def setUp(self):
        super().setUp()
        self.db = self.declare("db", export={"DATABASE": "tcp://@DB_HOST@:@DB_PORT@"})
        self.api = self.declare("api", depends=[self.db])

    def test_prints_what_a_test_gets(self):
        self.here("start", "api")
        lines = dict(line.split("=", 1) for line in self.here("env", "api").out.splitlines())
        self.assertEqual(lines, {**self.db.variables(), **self.api.variables()})
        self.assertEqual(lines["DATABASE"], f"tcp://127.0.0.1:{self.db.port()}")
        self.assertEqual(json.loads(self.here("env", "--json", "api").out), lines)
        only = self.here("env", self.db.spec).out
        self.assertIn(f"DB_PORT={self.db.port()}\n", only)
        self.assertNotIn("API_PORT", only)

    def test_of_one_that_does_not_run(self):
        for word in ("db", self.db.spec):
            self.assert_refused(f"print variables of 'db': it does not run\nhint: gentle start {word}", "env", word,
                                code=1)
        self.assert_refused("print variables of 'api': it does not run\nhint: gentle start api", "env", "api", code=1)
        self.here("start", "db")
        self.kill("db")
        self.db.settle()
        result = self.here("env", "db", code=1)
        self.assertIn("gentle: error: use service 'db': ", result.err)
        self.here("stop", "db", code=1)

    def test_of_none(self):
        self.assert_refused("read command line of 'gentle env' '<service>': missing\nhint: gentle env --help", "env")


class Run(Named):
    def setUp(self):
        super().setUp()
        self.declare_all()

    def test_starts_what_it_needs_and_stops_it(self):
        result = self.here("run", "--with", "api", "--", "sh", "-c", "echo $DB_PORT $API_PORT @API_HOST@")
        self.assertEqual(result.out, f"{self.db.port()} {self.api.port()} 127.0.0.1\n")
        self.assert_text(result.err, self.ready(self.db, self.load, self.api))
        self.assert_nothing_left([self.db, self.load, self.api])
        self.assertTrue((self.db.state_dir / "log").exists())

    def test_uses_what_runs_and_leaves_it(self):
        self.here("start", "db")
        pid = self.db.pid()
        self.here("run", "--with", "db", "web", "--", "true")
        self.db.settle()
        self.assertEqual(self.db.pid(), pid)
        self.assertFalse(self.runs(self.web))

    def test_a_path_has_to_run(self):
        result = self.here("run", "--with", self.db.spec, "--", "true", code=125)
        self.assertIn("use service 'db': it was not started", result.err)

    def test_below_ctest_it_has_to_run(self):
        owner = self.ctest()
        result = owner.gentle("run", "--build", self.build, "--with", "db", "--", "true",
                              code=-signal.SIGABRT)
        self.assertIn("use service 'db': it was not started", result.err)

    def test_one_that_does_not_start(self):
        self.load = self.declare("load", "false", ready=[("EXIT",)])
        result = self.here("run", "--with", "api", "--", "true", code=125)
        self.assertIn("gentle: error: run test with 'load': the service did not start\n", result.err)
        self.assert_nothing_left([self.db, self.load])

    def test_a_word_without_with(self):
        self.assert_refused("read command line of 'gentle run' 'db': unexpected\nhint: gentle run --help",
                            "run", "db", "--", "true", code=125)

    def test_as_the_command_ends(self):
        self.here("run", "--with", "db", "--", "sh", "-c", "exit 7", code=7)


class WrongNames(Named):
    def setUp(self):
        super().setUp()
        self.declare_all()

    def test_the_nearest_is_offered_and_all_are_listed(self):
        for command in (["start"], ["stop"], ["restart"], ["env"]):
            for word, cause in (("wbe", "did you mean 'web'?"), ("Api", "did you mean 'api'?"),
                                ("elasticsearch", "the project declares none of this name"),
                                ("", "the project declares none of this name")):
                with self.subTest((command, word)):
                    self.assert_refused(f"find service{' ' if word else ''}{repr(word) if word else ''}: {cause}\n"
                                        "hint: the services of this build: api, db, load, web", *command, "db", word)
        self.assertFalse(self.db.state_dir.exists())
        self.assert_refused("find service 'wbe': did you mean 'web'?\nhint: the services of this build: "
                            "api, db, load, web", "run", "--with", "wbe", "--", "true", code=125)

    def test_of_a_project_inside_another(self):
        self.declare("inner.queue", program("listens_tcp"), "@INNER.QUEUE_PORT@", ports=["main"])
        self.assert_refused("find service 'queue': did you mean 'inner.queue'?\nhint: the services of this "
                            "build: api, db, inner.queue, load, web", "start", "queue")

    def test_status_and_logs(self):
        for command in ("status", "logs"):
            self.assert_refused("find service 'db': never started here\nstarted here so far: none\nhint: gentle start db",
                                command, "db")
            self.assert_refused("find service 'dbb': did you mean 'db'?\nstarted here so far: none", command, "dbb")
        self.here("start", "db")
        self.assertIn("db ", self.here("status", "db").out)
        self.assertIn("db ", self.here("status", self.db.spec).out)
        self.assertEqual(self.here("logs", self.db.spec).out, self.here("logs", "db").out)

    def test_no_build_folder(self):
        for command in ("start", "stop", "restart"):
            result = self.gentle(command, code=2, cwd=self.work)
            self.assertEqual(result.err, f"gentle: error: find services '{self.work}': no build with services here or "
                             "above\nhint: go to the build folder of a project that has them, or name it: --build <dir>\n")
        result = self.gentle("start", "db", "--build", "nowhere", code=2, cwd=self.work)
        self.assertEqual(result.err, f"gentle: error: find services '{self.work}/nowhere': no build with services here\n"
                         "hint: go to the build folder of a project that has them, or name it: --build <dir>\n")

    def test_nothing_declared(self):
        for service in self.services:
            Path(service.spec).unlink()
        (self.specs / "coverage.spec").touch()  # of add_fixture_coverage
        self.assert_refused(f"find services '{self.specs}': the project declares none\nhint: declare one: "
                            "add_fixture_service(<name> COMMAND <program>), and run cmake", "start")

    def test_states_only(self):
        shutil.rmtree(self.specs)
        (self.build / "Testing/Fixtures").mkdir(parents=True)
        self.assert_refused(f"find services '{self.build}': no project with services is configured here\nhint: go to "
                            "the build folder of one, or name it: --build <dir>", "start", "db")


class Configurations(Named):
    def setUp(self):
        super().setUp()
        self.by_config = {}
        for self.config in ("Debug", "Release"):
            self.by_config[self.config] = self.declare("db", environment={"CONFIG": self.config})

    def test_has_to_be_chosen(self):
        for command in ("start", "stop", "restart"):
            self.assert_refused(f"choose configuration of '{self.build}': it has several: Debug, Release\n"
                                "hint: name one: --config Debug", command, "db")

    def test_is_chosen_in_any_case(self):
        self.here("start", "--config", "release", "db")
        self.assertEqual(self.by_config["Debug"].state()["spec"], self.by_config["Release"].spec)

    def test_unknown(self):
        self.assert_refused("find configuration 'Relase': did you mean 'Release'?\nhint: --config <name>, one of: "
                            "Debug, Release", "start", "--config", "Relase", "db")
        self.assert_refused("find configuration 'Fast': the build has none of this name\nhint: --config <name>, one of: "
                            "Debug, Release", "start", "--config", "Fast")

    def test_the_one_that_was_used(self):
        self.here("start", "db", "--config", "Release")
        self.here("stop", "db")
        self.here("start", "db")
        self.assertEqual(self.by_config["Debug"].state()["spec"], self.by_config["Release"].spec)

    def test_one_takes_the_place_of_the_other(self):
        """They have one state. Without users one is replaced, as after a change of its spec."""
        debug, release = self.by_config["Debug"], self.by_config["Release"]
        debug.start()
        pid = debug.pid()
        self.gentle("run", "--with", release.spec, "--", "true", code=125)
        self.ctest().gentle("start", release.spec)
        self.assertNotEqual(release.pid(), pid)
        self.assertEqual(release.state()["spec"], release.spec)

    def test_one_that_is_used_stays(self):
        """No test meets the program of another configuration."""
        debug, release = self.by_config["Debug"], self.by_config["Release"]
        user, other = self.ctest(), self.ctest()
        user.gentle("start", debug.spec)
        result = other.gentle("start", release.spec, code=1)
        self.assertEqual(result.err, "gentle: error: start service 'db': it runs for configuration 'Debug', used by "
                         f"ctest {user.pid}\nhint: let that end first: services of several configurations do not run side by side\n")
        result = self.gentle("run", "--with", release.spec, "--", "true", code=125)
        self.assertEqual(result.err, "gentle: error: use service 'db': it runs for configuration 'Debug'\n"
                         "hint: ctest -C Debug, or let those that use it end\n")
        self.assertIn("left running, still used by ctest", other.gentle("stop", release.spec).out)
        user.gentle("run", "--with", debug.spec, "--", "true")
        user.gentle("stop", debug.spec)

    def test_one_that_others_depend_on(self):
        """A service is asked for its dependencies' configuration, too."""
        for self.config in ("Debug", "Release"):
            self.by_config[f"web {self.config}"] = self.declare("web", depends=[self.by_config[self.config]])
        user, other = self.ctest(), self.ctest()
        for name in ("db", "web"):
            user.gentle("start", self.specs / f"Debug/{name}.spec")
        user.gentle("run", "--with", self.specs / "Debug/web.spec", "--", "true")
        other.gentle("start", self.specs / "Release/db.spec", code=1)
        for name in ("web", "db"):
            user.gentle("stop", self.specs / f"Debug/{name}.spec")

    def test_a_renamed_build_folder(self):
        debug = self.by_config["Debug"]
        self.here("start", "--config", "Debug", "db")
        last = debug.successor()
        moved = self.build.rename(self.build.with_name("moved"))
        self.build.mkdir()
        spec = moved / "CMakeFiles/GentleFixtures/Debug/db.spec"
        self.gentle("start", spec)
        self.assertIn("db: stopped by SIGINT", self.gentle("stop", spec).out)
        self.wait_until_gone(last)
        self.assertEqual(list(self.build.iterdir()), [])

    def test_the_only_one(self):
        shutil.rmtree(self.specs / "Debug")
        self.here("start", "db")

    def test_of_a_build_without_any(self):
        shutil.rmtree(self.specs / "Debug")
        shutil.rmtree(self.specs / "Release")
        self.config = ""
        self.declare("db")
        self.assert_refused("find configuration 'Debug': the build has only one, without a name\nhint: leave out "
                            "--config", "start", "--config", "Debug", "db")


if __name__ == "__main__":
    harness.main()
