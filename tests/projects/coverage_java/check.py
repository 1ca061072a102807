"""However servers in Java end, each line and branch that JaCoCo counts at a clean end is in the report, and no other; with each JDK."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from format_totals import not_tried
from java_kits import agent_of, all_jdks, jacoco_folder, jars_of, version_of
from marked_lines import executed, marked
from recorder_checks import SPEC, ask_until_it_answers, check_ctest, check_ledgers, free_port
from small_project import HERE, Failed, Project, equal, literally

SOURCE = HERE / "coverage_java"
CLIENT = SOURCE / "client.py"
LEAVING = ["clean", "exit", "halt", "uncaught", "segv", "abort"]
SIGNALS = ["sigint", "sigterm", "sighup", "sigkill"]
PARENTS = ["child", "stopped"]
ENDS = [*LEAVING, *SIGNALS, "threads", *PARENTS]
GROUPS = {"leaving": LEAVING, "parents": PARENTS}
BRIEF = "-XX:TieredStopAtLevel=1"  # of programs that run for a second: the slow compiler would not be done by then
# JaCoCo's own agent writes at these ends, and at the last two when they end by SIGTERM.
BY_JACOCO = {"clean": signal.SIGTERM, "exit": signal.SIGTERM, "uncaught": signal.SIGTERM, "sigint": signal.SIGINT,
             "sigterm": signal.SIGTERM, "sigkill": signal.SIGTERM, "threads": signal.SIGTERM}


def copy_sources(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(SOURCE / "CMakeLists.txt", folder)
    for end in ENDS:
        (folder / end).mkdir()
        for name in ("Server.java", "Never.java"):
            text = (SOURCE / "src" / name).read_text(encoding="utf-8")
            (folder / end / name).write_text(text.replace("package ENDS;", f"package {end};"), encoding="utf-8")
    (folder / "suite").mkdir()
    shutil.copy(SOURCE / "src/Suite.java", folder / "suite")
    return folder


def options_of(project, ends, prefix="", jacoco=None):
    return (f"-DJDK={project.jdk}", f"-DPYTHON={sys.executable}", f"-DCLIENT={CLIENT}", f"-DENDS={';'.join(ends)}",
            f"-DPREFIX={prefix}", f"-DGENTLE_JACOCO={jacoco or project.jacoco}")


def branches_of(project):
    """By file and line: how many branches are taken, and how many are not."""
    files = json.loads((project.build_dir / "coverage/coverage.json").read_text(encoding="utf-8"))["files"]
    return {file["file"]: {line["line_number"]: (sum(branch["count"] > 0 for branch in line["branches"]),
                                                 sum(branch["count"] == 0 for branch in line["branches"]))
                           for line in file["lines"]} for file in files}


def check_lines(project):
    files = executed(project.build_dir / "coverage/coverage.json")
    names = [f"{end}/{name}" for end in ENDS for name in ("Never.java", "Server.java")]
    equal("files", sorted(files), sorted([*names, "suite/Suite.java"]))
    for name, lines in files.items():
        end, file = name.split("/")
        if file == "Never.java":
            equal(f"executed lines of {name}", [number for number, count in lines.items() if count], [])
            continue
        wanted = marked(project.source / name, end, GROUPS, "//")
        equal(f"lines of {name}", lines, {number: wanted.get(number, True) for number in lines})
        equal(f"marked lines of {name}", sorted(set(wanted) - set(lines)), [])
        text = (project.source / name).read_text(encoding="utf-8").splitlines()
        equal(f"lines of {name} that are left out", [number for number in lines if "return 2;" in text[number - 1]], [])


def by_jacoco(project, end, stop):
    """What JaCoCo counts with its own agent, by line."""
    port = free_port()
    data = project.build_dir / f"{end}.exec"
    java = project.jdk / "bin/java"
    with subprocess.Popen([java, BRIEF, f"-javaagent:{agent_of(project.jacoco)}=destfile={data}", "-cp", project.build_dir / "classes", f"{end}.Server", str(port),
                           end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as server:  # a shell's `cmd &` ignores it
        ask_until_it_answers(port, server)
        subprocess.run([sys.executable, CLIENT, str(port)], check=True)
        server.send_signal(stop)
    told = subprocess.run([java, BRIEF, "-cp", f"{project.build_dir / 'by_jacoco'}:{jars_of(project.jacoco)}", "ByJacoco", data,
                           project.build_dir / "classes", end], capture_output=True, text=True, check=True).stdout
    numbers = [[int(word) for word in line.split()] for line in told.splitlines()]
    return {line: (count > 0, covered, missed) for line, count, covered, missed in numbers}


def check_agreement(project):
    files = executed(project.build_dir / "coverage/coverage.json")
    branches = branches_of(project)
    subprocess.run([project.jdk / "bin/javac", "-cp", jars_of(project.jacoco), "-d", project.build_dir / "by_jacoco",
                    SOURCE / "ByJacoco.java"], check=True)
    for end, stop in BY_JACOCO.items():
        name = f"{end}/Server.java"
        equal(f"JaCoCo of {end}", {line: (count, *branches[name][line]) for line, count in files[name].items()},
              by_jacoco(project, end, stop))
    check_ctest(project, files)


def check_cleared(project):
    """A Java with an environment of its own has recorded nothing, which fails its stop."""
    project.configure(*options_of(project, ["clean"], prefix="env;-u;JAVA_TOOL_OPTIONS")).passed()
    project.ctest("-R", "clean").failed().says(
        r"coverage of 1 of its 1 processes? is lost.*it recorded none of its lines: the JAVA_TOOL_OPTIONS of its environment does "
        r"not name the recorder.*hint: hand JAVA_TOOL_OPTIONS on")


def hits_of(project, end):
    for names in (project.build_dir / "Testing/Fixtures/coverage").rglob("java.*.names"):
        if f" {end}/Server\0".encode() in names.read_bytes():
            return names.with_suffix(".hits")
    raise Failed(f"there are no hits of {end}")


def check_damaged(project):
    """Each damage is one line of the report."""
    garbage, nameless, large, fifo = (hits_of(project, end) for end in ("sigkill", "sigterm", "sigint", "halt"))
    garbage.write_bytes(b"garbage")
    nameless.with_suffix(".names").unlink()
    os.truncate(large, 300 << 20)
    fifo.unlink()
    os.mkfifo(fifo)
    changed, shorter = project.source / "clean/Server.java", project.source / "exit/Server.java"
    changed.write_text(changed.read_text(encoding="utf-8") + "// changed\n", encoding="utf-8")
    shorter.write_text("package exit;\n", encoding="utf-8")
    result = project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
    lines = [line for line in result.stderr.splitlines() if line.startswith("gentle: warning")]
    for path, cause in ((garbage, "it is corrupt: it is too short"), (nameless, "it is corrupt: it names a class 1 of none"),
                        (large, r"it has \d+ bytes, more than \d+"), (fifo, "it is no regular file"),
                        (changed, "it is newer than its class files"), (shorter, "it has fewer lines than when it was compiled")):
        found = [line for line in lines if re.search(f"'{literally(path)}': {cause}", line)]
        equal(f"lines about {path}", (len(found), lines if len(found) != 1 else None), (1, None))
    equal("all warnings", len(lines), 6)
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("a source with fewer lines", "exit/Server.java" in files, False)
    equal("others", any(files["segv/Server.java"].values()), True)


def check_versions(project):
    """A class that was compiled again after it ran, with other code: what ran before does not count, and that is told."""
    source = project.source / "suite/Suite.java"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('"some"', '"some" + arguments.length'), encoding="utf-8")
    project.build().passed()
    result = project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
    result.says(f"count lines of Java '{literally(source)}': it has changed since some process ran it")
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("lines of another version", any(files["suite/Suite.java"].values()), False)


def check_gone(project):
    """Class files that are gone since they ran were kept; of those that nobody loaded nothing is known."""
    project.build().passed()
    project.ctest("-R", "sigkill").passed()
    shutil.rmtree(project.build_dir / "classes")
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("files", sorted(files), ["sigkill/Server.java"])
    wanted = marked(project.source / "sigkill/Server.java", "sigkill", GROUPS, "//")
    lines = files["sigkill/Server.java"]
    equal("lines of a class that is gone", lines, {number: wanted.get(number, True) for number in lines})
    shutil.rmtree(project.build_dir / "Testing/Fixtures/coverage/java")
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).failed().says(
        "count lines of Java 'sigkill/Server': its class file is gone, so it is not counted: run the tests again; the same for 2 more")
    (project.build_dir / "classes.stamp").unlink()
    project.build().passed()


def check_too_new(project):
    """A JaCoCo that cannot read a class names it; its source is not in the report."""
    project.configure(*options_of(project, ["sigkill"], jacoco=project.jacoco / "old")).passed()
    project.ctest().failed().says("count lines of Java '[a-z]+/[A-Za-z$]+': its class file is newer than this JaCoCo can read.*"
                                  "; the same for [0-9]+ more.*hint: the warnings say why")


def check_missing(project):
    """CMake says what is missing before anything starts, and so does the start."""
    empty = project.build_dir / "none"
    empty.mkdir()
    project.configure(*options_of(project, ["clean"], jacoco=empty)).passed().says(
        f"COVERAGE java: GENTLE_JACOCO, '{literally(empty)}', is not a folder with the jars").says(
        "COVERAGE java: JaCoCo is not installed")
    project.ctest("-R", "clean").failed().says("record Java: cmake has found no JaCoCo.*hint: ")
    old = project.build_dir / "old/bin/java"
    old.parent.mkdir(parents=True)
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n", encoding="utf-8")
    old.chmod(0o755)
    options = options_of(project, ["clean"])[1:]
    project.configure(f"-DJDK={old.parents[1]}", *options).passed().says(
        f"COVERAGE java: '{literally(old)}' is Java 8, and the recorder needs 11 or newer")
    programs = project.build_dir / "programs"  # all of PATH but a JDK's
    programs.mkdir()
    for folder in project.environment["PATH"].split(":"):
        for path in Path(folder).glob("*"):
            if path.name not in ("java", "javac") and not (programs / path.name).exists():
                (programs / path.name).symlink_to(path)
    before = project.environment["PATH"]
    project.environment["PATH"] = str(programs)
    project.environment.pop("JAVA_HOME", None)
    project.configure(f"-DJDK={old.parents[1]}", *options).passed().says(
        "COVERAGE java: no JDK [(]javac[)] is installed, which its services need to start: apt-get install default-jdk-headless")
    project.ctest("-R", "clean").failed().says("record Java: cmake has found no JDK [(]javac[)].*hint: apt-get install default-jdk-headless")
    project.environment["PATH"] = before
    project.configure(f"-DJDK={empty}", *options).passed().says(
        f"COVERAGE java: '{literally(empty)}/bin/java' is not installed: apt-get install default-jre-headless")


def check_with(tools, version, jdk, jacoco):
    project = Project(tools, copy_sources(tools.work / f"source {version}"), tools.work / f"build {version}")
    project.jdk, project.jacoco = jdk, jacoco
    project.configure(*options_of(project, ENDS)).passed().does_not_say("COVERAGE java")
    project.build().passed()
    project.ctest("-j4").passed()
    check_lines(project)
    check_ledgers(project, {end: 2 for end in PARENTS})
    check_agreement(project)
    check_probe_sets(project)
    return project


def check_probe_sets(project):
    """Which probes stand for each line and branch: JaCoCo counts the same of random probes, in the classes of the project, in its own,
    and in those of a library in Kotlin, whose inline functions have copies in other sources."""
    recorder = next((project.build_dir / "Testing/Fixtures/coverage/recorders").glob("java-*/built-*"))
    known = recorder / "probe-sets"
    before = known.read_bytes(), known.stat().st_mtime_ns, (project.build_dir / "coverage/coverage.run").read_bytes()
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
    after = known.read_bytes(), known.stat().st_mtime_ns, (project.build_dir / "coverage/coverage.run").read_bytes()
    equal("what a second report finds", before == after, True)
    class_path = f"{recorder}/recorder.jar:{jars_of(project.jacoco)}"
    folder = project.build_dir / "tried"
    subprocess.run([project.jdk / "bin/javac", "-cp", class_path, "-d", folder, SOURCE / "TryProbeSets.java"], check=True)
    places = [project.build_dir / "classes", *project.jacoco.glob("org.jacoco.core-*.jar"), *project.jacoco.glob("kotlin/*.jar")]
    told = subprocess.run([project.jdk / "bin/java", "-XX:+UseSerialGC", "-cp", f"{folder}:{class_path}", "gentle_agent.TryProbeSets", *places],
                          capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise Failed(told.stderr)
    classes, branches, copied = map(int, told.stdout.split())
    if classes < 300 or branches < 4500 or copied < 500:
        raise Failed(f"only {classes} classes with {branches} branches and {copied} lines of copies were tried")


def check_large(project):
    """A method with so many branches that nobody tries all of its probes: the report counts it, and `combine` names it."""
    source = project.source / "suite/Large.java"
    lines = "".join(f"    if (value > {number}) ++sum;\n" for number in range(600))
    source.write_text(f"package suite;\n\nclass Large {{\n  static int sum(int value) {{\n    int sum = 0;\n{lines}    return sum;\n  }}\n}}\n",
                      encoding="utf-8")
    project.build().passed()
    project.ctest("-R", "suite").passed()
    found = executed(project.build_dir / "coverage/coverage.json")["suite/Large.java"]
    equal("lines of a large method", len(found), 603)
    project.run(project.tools.gentle, "coverage", "combine", "--root", project.source, "--output", project.build_dir / "combined",
                project.build_dir / "coverage").failed().says(
        r"it lacks counts of 'suite/Large\.java': .*a Java class that is too large.*hint: add json to FORMATS")
    source.unlink()
    project.build().passed()


def check_late(project):
    """A source that appears after the reset, of classes that are older: they were not recorded, which is told."""
    source, away = project.source / "suite/Suite.java", project.build_dir / "Suite.java.away"
    source.rename(away)
    project.ctest("-R", "suite").passed().does_not_say("Suite")
    away.rename(source)
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed().says(
        f"count lines of Java '{literally(source)}': it was not there yet when coverage was reset, and a class of it, or with a copy of "
        "its inline functions, was loaded then; it is not counted: run the tests again")
    equal("a late source", "suite/Suite.java" in executed(project.build_dir / "coverage/coverage.json"), False)


def check(tools):
    jdks = all_jdks()
    jacoco = jacoco_folder()
    if not jdks:
        return not_tried("coverage of Java", "default-jdk-headless")
    if not jacoco:
        return not_tried("coverage of Java", "JaCoCo (tests/projects/install_jacoco.py, and GENTLE_TEST_JACOCO)")
    for version, jdk in jdks.items():
        print(f"Java {version}")
        try:
            project = check_with(tools, version, jdk, jacoco)
        except Failed as failure:
            raise Failed(f"Java {version}: {failure}") from failure
    project.ctest("-j4").passed()  # what the first run has left does not count
    check_lines(project)
    check_large(project)
    check_late(project)
    project.ctest("-j4").passed()
    check_damaged(project)
    check_versions(project)
    check_gone(project)
    if version_of(project.jdk) > 16:
        check_too_new(project)
    check_cleared(project)
    check_missing(project)
