"""READY FILE: the file was made, or replaced, since the start."""

import os

import harness
from harness import ServiceTest, program


class File(ServiceTest):
    def maker(self, path, *more, **options):
        return self.service("api", program("makes_file"), path, *more, ready=[("FILE", path)],
                            **options)

    def test_a_file_in_the_scratch_folder(self):
        api = self.maker("@API_DIR@/pid")
        self.assert_text(api.start().out, "api: ready after <time>\n")
        self.assertTrue((api.state_dir / "dir/pid").is_file())

    def test_a_file_that_comes_later(self):
        gate = self.gate()
        api = self.maker("@API_DIR@/pid", gate)
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertEqual(api.state()["phase"], "starting")
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_a_folder_that_does_not_exist_yet(self):
        api = self.service("api", f"mkdir -p @API_DIR@/a/b && exec '{program('makes_file')}' "
                           "@API_DIR@/a/b/pid", shell=True, ready=[("FILE", "@API_DIR@/a/b/pid")])
        api.start()

    def test_an_old_file_does_not_count(self):
        old = self.work / "pid"
        old.write_text("pid 1\n")
        api = self.service("api", program("never_ready"), ready=[("FILE", old)], start_timeout=0.2)
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within 200 ms
  waiting for file {old}: it is there, unchanged since before the start
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

    def test_an_old_file_that_is_written_again(self):
        old = self.work / "pid"
        old.write_text("pid 1\n")
        os.utime(old, (1, 1))
        self.maker(old).start()

    def test_an_old_file_that_is_replaced(self):
        old = self.work / "pid"
        old.write_text("pid 1\n")
        self.service("api", f"echo pid 2 > {self.work}/new && mv {self.work}/new {old} && "
                     f"exec '{program('never_ready')}'", shell=True, ready=[("FILE", old)]).start()

    def test_below_the_working_directory(self):
        api = self.service("api", program("makes_file"), "pid", ready=[("FILE", "pid")],
                           working_directory="@API_DIR@")
        api.start()

    def test_no_file(self):
        api = self.service("api", program("never_ready"), ready=[("FILE", "@API_DIR@/x")],
                           start_timeout=0.2)
        self.assertIn(f"  waiting for file {api.state_dir}/dir/x: no such file\n",
                      api.start(code=1).err)


if __name__ == "__main__":
    harness.main()
