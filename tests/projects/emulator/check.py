"""The emulator of a cross-built target is kept, for a service, a test and a discovered test."""

import re

from small_project import HERE, PROGRAMS, Project, equal, recorded_arguments, recorded_environment


def check(tools):
    project = Project(tools, HERE / "emulator", tools.work / "build")
    toolchain = f"-DCMAKE_TOOLCHAIN_FILE={HERE}/emulator/toolchain.cmake"
    emulator = f"{HERE}/emulator/emulator.sh;-L;/a root"
    configured = project.configure(toolchain, f"-DPROGRAMS={PROGRAMS}").passed()
    configured.says(rf"CROSSCOMPILING_EMULATOR of discovered: <{re.escape(emulator)}>")
    version = tuple(int(part) for part in project.run(tools.cmake, "--version").stdout.split()[2].split(".")[:2])
    launched = "yes" if version >= (3, 29) else None
    configured.says("TEST_LAUNCHER of discovered: " + ("<env;LAUNCHED=yes>" if launched else "<>"))
    project.build().passed()
    project.ctest().passed().says("100% tests passed")
    for program, last in (("service", ["one"]), ("client", ["two words"]), ("discovered", ["", "three"])):
        record = project.build_dir / program
        environment = recorded_environment(record)
        equal(f"the emulator of {program}", environment.get("EMULATED_ROOT"), "/a root")
        equal(f"the launcher of {program}", environment.get("LAUNCHED"), None if program == "service" else launched)
        equal(f"the last arguments of {program}", recorded_arguments(record)[-len(last):], last)
