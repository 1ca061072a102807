"""However servers in Node end, each line that they have executed is in the report, and no other; with each Node that is there."""

import os
import re
import shutil
import signal
import subprocess
import sys

from format_totals import not_tried
from marked_lines import executed, marked, taken
from node_interpreters import all_nodes
from recorder_checks import SPEC, ask_until_it_answers, check_ctest, check_damaged, check_ledgers, free_port
from small_project import HERE, Failed, Project, equal, literally

SOURCE = HERE / "coverage_node"
CLIENT = HERE / "coverage_python/client.py"
CLOSED = ["clean", "exit", "abort", "really_exit", "uncaught", "exec"]
CHILDREN = ["fork", "stopped", "segv"]
PARENTS = ["threads", "thread_alone", *CHILDREN]
SERVING = [*CLOSED, "sigint", "sigterm", "sighup", "sigkill"]
MODULES = ["module_exit", "module_sigkill"]
SERVERS = [*SERVING, *PARENTS, "cluster"]
ENDS = [*SERVERS, *MODULES]
GROUPS = {"all": ENDS, "leaving": CLOSED, "parents": PARENTS, "children": CHILDREN, "closing": ["clean", *PARENTS], "serving": SERVING}
FILES = {"server.js": SERVERS, "module.mjs": MODULES, "part.mjs": MODULES, "lazy.mjs": MODULES}
# Processes of each, if not one.
PROCESSES = {"exec": 2, "fork": 2, "stopped": 2, "segv": 2, "cluster": 3}


def sources_of(ends):
    return sorted(f"{end}/{name}" for name, ends_of_it in FILES.items() for end in ends_of_it if end in ends)


def check_lines(project):
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("files", sorted(files), sorted([*sources_of(project.ends), "suite.js", "typed.ts"]))
    left_out = (SOURCE / "server.js").read_text(encoding="utf-8").splitlines().index("function leftOut() {") + 1
    for name, lines in files.items():
        end = name.split("/")[0]
        wanted = marked(project.source / name, end, GROUPS, "//")
        equal(f"lines of {name}", lines, {number: wanted.get(number, True) for number in lines})
        equal(f"marked lines of {name}", sorted(set(wanted) - set(lines)), [])
        if name == "typed.ts":
            equal("statements of TypeScript", sorted(lines), [7, 10, 11, 12, 14, 18, 20])
        if name.endswith("server.js"):
            equal("lines that are left out", [number for number in (left_out, left_out + 1) if number in lines], [])


def ways_of_server(end):
    """By the text of its line: which ways on from the branches of server.js an end takes."""
    is_left = end in [*CLOSED, *PARENTS]
    is_thread = end.startswith("thread")
    return {
        "total += i % 3 ? i : 1;": [1, 1],
        "if (path === '/never') {": [0, 1],
        "switch (end) {": [int(is_left and end == case) for case in ("exit", "abort", "really_exit", "uncaught", "exec")]
                          + [int(is_left and end in GROUPS["closing"])],
        "if (end.startsWith('sig')) return;": [int(end in SERVING and is_sig) for is_sig in (end.startswith("sig"), not end.startswith("sig"))],
        "if (end !== 'fork') {": [int(end in ("stopped", "segv")), int(end == "fork")],
        "const signal = end === 'stopped' ? 'SIGSTOP' : 'SIGSEGV';": [int(end == "stopped"), int(end == "segv")],
        "if (!isMainThread) {": [int(is_thread), 1],
        "} else if (end.startsWith('thread')) {": [int(is_thread), int(not is_thread)],
        "(starts[end] ?? serveAndLeave)();": [int(not is_thread), int(end in SERVING)],
    }


def check_branches(project):
    found = taken(project.build_dir / "coverage/coverage.json")
    text = (SOURCE / "server.js").read_text(encoding="utf-8").splitlines()
    numbers = {line.split(" //: ")[0].strip(): number for number, line in enumerate(text, 1)}
    for end in (end for end in SERVERS if end in project.ends):
        for line, ways in ways_of_server(end).items():
            equal(f"{end}: ways on from '{line}'", found[f"{end}/server.js"][numbers[line]], ways)
    equal("ways in TypeScript", found["typed.ts"], {7: [1], 11: [0, 1], 18: [1, 1]})


def by_nyc(project, nyc, end):
    """What nyc counts at a clean end, by file of lcov: lines, and the ways on from branches in their order."""
    port = free_port()
    folder = project.build_dir / "nyc"
    server = subprocess.Popen(
        [project.node, nyc, "--silent", "--temp-dir", folder / "data", project.node, f"{end}/server.js", str(port), end],
        cwd=project.source, start_new_session=True)
    ask_until_it_answers(port, server)
    server.send_signal(signal.SIGTERM)  # which nyc hands on
    equal("the end under nyc", server.wait(60), 0)
    subprocess.run([project.node, nyc, "report", "--temp-dir", folder / "data", "--report-dir", folder, "--reporter", "lcovonly"],
                   cwd=project.source, check=True)
    text = (folder / "lcov.info").read_text(encoding="utf-8")
    part = re.search(rf"^SF:{end}/server\.js$(.*?)^end_of_record$", text, re.MULTILINE | re.DOTALL).group(1)
    return ({int(line): int(count) > 0 for line, count in re.findall(r"^DA:(\d+),(\d+)", part, re.MULTILINE)},
            sorted((int(line), int(count) > 0) for line, count in re.findall(r"^BRDA:(\d+),\d+,\d+,(\d+)", part, re.MULTILINE)))


def check_agreement(project):
    files = executed(project.build_dir / "coverage/coverage.json")
    nyc = os.environ.get("GENTLE_TEST_NYC") or shutil.which("nyc")
    if nyc:
        lines, ways = by_nyc(project, os.path.realpath(nyc), "clean")
        equal("lines of nyc", files["clean/server.js"], lines)
        found = taken(project.build_dir / "coverage/coverage.json")["clean/server.js"]
        equal("ways of nyc", sorted((line, count > 0) for line, counts in found.items() for count in counts), ways)
    else:
        not_tried("the lines of nyc", "nyc (npm install nyc, and GENTLE_TEST_NYC)")
    check_ctest(project, files)


def check_cleared(project):
    """A Node with an environment of its own has recorded nothing, which fails its stop."""
    project.configure(*options_of(project, ["clean"]), "-DPREFIX=env;-u;NODE_OPTIONS").passed()
    project.ctest("-R", "clean").failed().says(
        r"coverage of 1 of its 1 processes? is lost.*it recorded none of its lines: the NODE_OPTIONS of its environment does "
        r"not name the recorder.*hint: hand NODE_OPTIONS on")


def check_bad_input(project):
    """It spoils nothing else."""
    check_damaged(project, "server.js", ("sigkill", "sigterm", "sigint", "abort"), "//")
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("what ran before the change", "clean/server.js" in files, False)
    equal("others", any(files["segv/server.js"].values()), True)


def check_uncounted(project):
    """What the recorder cannot count is named: a source that another tool changes, and one it cannot read."""
    (project.source / "suite.js").write_text(
        "require('module').prototype._compile = ((compile) => function (text, ...more) {\n"
        "  return compile.call(this, `${text};`, ...more);\n})(require('module').prototype._compile);\n"
        "require('./changed.js');\n"
        "require.extensions['.ts'] = require.extensions['.js'];\n"
        "require('./first.ts');\nrequire('./second.ts');\n", encoding="utf-8")
    for name in ("changed.js", "first.ts", "second.ts"):
        (project.source / name).write_text("module.exports = 1;\n", encoding="utf-8")
    (project.source / "suite.js").write_text("require('./typed.js');\n" + (project.source / "suite.js").read_text("utf-8"), "utf-8")
    made = (project.source / "typed.js").stat().st_mtime
    os.utime(project.source / "typed.ts", (made + 1, made + 1))
    project.ctest("-R", "suite").passed()
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed().says(
        rf"count lines of Node '{literally(project.source / 'changed.js')}': another tool has changed its text").says(
        rf"count lines of Node '{literally(project.source / 'first.ts')}': it is no JavaScript .*; the same for 1 more").says(
        rf"count lines of Node '{literally(project.source / 'typed.ts')}': it is newer than its JavaScript, so its lines may be wrong: build again")
    spec = project.build_dir / SPEC
    limited = spec.with_name("limited.spec")
    limited.write_text(spec.read_text(encoding="utf-8").replace("\nend\n", "\nfail_under_line 1\nend\n"), encoding="utf-8")
    project.run(project.tools.gentle, "coverage", "report", limited).failed().says(
        rf"error: reach coverage '{literally(project.source / 'changed.js')} and 2 more': nothing of it is counted")


def check_old(project):
    """CMake says what is missing before anything starts."""
    old = project.build_dir / "old/node"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text("#!/bin/sh\necho v16.20.2\n", encoding="utf-8")
    old.chmod(0o755)
    for node, message in ((old, f"'{old}' is Node 16.20, and the recorder needs 18 or newer"),
                          (project.build_dir / "none/node", "is not installed: apt-get install nodejs")):
        project.configure(f"-DNODE={node}", f"-DPYTHON={sys.executable}", f"-DCLIENT={CLIENT}", "-DENDS=clean").passed() \
            .says(f"COVERAGE node: .*{literally(message)}")


def options_of(project, ends):
    return (f"-DNODE={project.node}", f"-DPYTHON={sys.executable}", f"-DCLIENT={CLIENT}", f"-DENDS={';'.join(ends)}",
            "-DPREFIX=")


def copy_sources(folder):
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    made = (folder / "typed.js").stat().st_mtime_ns
    os.utime(folder / "typed.ts", ns=(made, made))
    for name, ends in FILES.items():
        for end in ends:
            (folder / end).mkdir(exist_ok=True)
            shutil.copy(SOURCE / name, folder / end)
    return folder


def has_exec(node):
    told = subprocess.run([node, "-p", "typeof process.execve"], capture_output=True, text=True, check=True)
    return told.stdout == "function\n"


def check_with(tools, version, node):
    project = Project(tools, copy_sources(tools.work / f"source {version}"), tools.work / f"build {version}")
    project.node = node
    project.ends = [end for end in ENDS if end != "exec" or has_exec(node)]
    project.configure(*options_of(project, project.ends)).passed()
    project.ctest("-j4").passed()
    check_lines(project)
    check_branches(project)
    check_ledgers(project, PROCESSES)
    check_agreement(project)
    return project


def check(tools):
    nodes = all_nodes()
    if not nodes:
        return not_tried("coverage of Node", "nodejs 18 or newer (or GENTLE_TEST_NODES)")
    for version, node in nodes.items():
        print(f"Node {version}")
        try:
            project = check_with(tools, version, node)
        except Failed as failure:
            raise Failed(f"Node {version}: {failure}") from failure
    project.ctest("-j4").passed()  # what the first run has left does not count
    check_lines(project)
    check_bad_input(project)
    check_uncounted(project)
    check_cleared(project)
    check_old(project)
