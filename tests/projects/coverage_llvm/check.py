"""Clang's source-based coverage and Rust's are lines of the same report as gcc's, and limits look at them."""

import json
import os
import re
import shutil
import subprocess

from coverage_counts import check_agreement, counted
from other_gcovr import skip_without_gcovr, use_gcovr
from small_project import HERE, Failed, Project, equal, literally

NAMED = re.compile(r"// counts: ([a-z_]+)$")
# `tests` runs twice: as a test of a service, and as a plain test that nobody follows.
TESTS = {"tests": 14, "sign": 14, "negative": 4, "positive": 10, "twice": 3, "never": 0, "own": 1}
SERVER = {"sign": 5, "negative": 2, "positive": 3, "twice": 3, "killed": 1}
PLUGIN = {"plug": 5, "sign": 5, "negative": 4, "positive": 1}
# Once each child has left, also its parent has to be seen where it went on.
FORKS = {"grandchild": 3, "child_waits": 3, "doubled": 4, "child": 3, "parent": 3, "behind": 3, "killed": 1, "behind_killed": 1,
         "parent_at_last": 1, "decides": 4}
RUST = {"even": 3, "odd": 2, "rust_never": 0, "rust_main": 5}


def sum_of(*parts):
    """The line of a `for` counts its condition with some compilers, so it is left out."""
    total = {}
    for part in parts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total


def counts_of(project, folder="coverage"):
    found = {}
    report = json.loads((project.build_dir / folder / "coverage.json").read_text(encoding="utf-8"))
    for file in report["files"]:
        lines = (project.source / file["file"]).read_text(encoding="utf-8").splitlines()
        for line in file["lines"]:
            named = NAMED.search(lines[line["line_number"] - 1])
            if named and named.group(1) != "main":
                found[named.group(1)] = line["count"]
    return found


def summary_of(project):
    return (project.build_dir / "coverage/summary.txt").read_text(encoding="utf-8")


def excluded_lines(project, source):
    report = json.loads((project.build_dir / "coverage/coverage.json").read_text(encoding="utf-8"))
    (file,) = [file for file in report["files"] if file["file"] == source]
    return [line["line_number"] for line in file["lines"] if line.get("gcovr/excluded")]


def new_project(tools, name, *options):
    project = Project(tools, HERE / "coverage_llvm", tools.work / name)
    use_gcovr(project)
    return project.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", *options)


def check_formats(project):
    """All of them have the lines of all compilers."""
    folder = project.build_dir / "coverage"
    for name in ("index.html", "cobertura.xml", "lcov.info", "coverage.json", "summary.json", "coverage.txt",
                 "coverage.md"):
        if not (folder / name).is_file():
            raise Failed(f"{name} was not written")
    for name in ("cobertura.xml", "lcov.info", "coverage.txt", "coverage.md", "summary.json"):
        for source in ("server.cc", "plugin.cc", "tests.cc"):
            if source not in (folder / name).read_text(encoding="utf-8"):
                raise Failed(f"{source} is not in {name}")


def check_lines_of_llvm_cov(project, release):
    """The counts of a file that only clang has compiled are those that llvm-cov prints."""
    profdata = project.build_dir / "coverage/coverage.profdata"
    program = project.build_dir / "server"
    told = subprocess.run([f"llvm-cov-{release}", "export", "-format=lcov", program, f"-instr-profile={profdata}"],
                          capture_output=True, text=True, check=True).stdout
    source = re.search(r"SF:\S*/server\.cc\n(.*?)end_of_record", told, re.DOTALL).group(1)
    by_llvm = dict(re.findall(r"^DA:(\d+),(\d+)$", source, re.MULTILINE))
    report = json.loads((project.build_dir / "coverage/coverage.json").read_text(encoding="utf-8"))
    (file,) = [file for file in report["files"] if file["file"] == "src/server.cc"]
    ours = {str(line["line_number"]): str(line["count"]) for line in file["lines"]}
    equal("lines of server.cc", ours, by_llvm)
    branches = sum(len(line["branches"]) for line in file["lines"])
    excluded = excluded_lines(project, "src/server.cc")
    equal("branches of server.cc", branches, len(re.findall(r"^BRDA:", source, re.MULTILINE)))
    text = (HERE / "coverage_llvm/src/server.cc").read_text(encoding="utf-8").splitlines()
    equal("excluded lines of server.cc", [text[number - 1].strip() for number in excluded],
          ["return failures;  // LCOV_EXCL_LINE"])


def check_one_table(tools, release):
    """A service by clang that is killed, its plugin, and a service in Rust, beside tests by gcc."""
    rustc = shutil.which("rustc")
    rust = [f"-DRUSTC={rustc}"] if rustc and release >= 19 else []
    if not rust:
        print("not tried: Rust, which needs a rustc and LLVM 19")
    project = new_project(tools, f"gcc-{release}", "-DCMAKE_CXX_COMPILER=g++",
                          f"-DCLANG={shutil.which(f'clang++-{release}')}", *rust)
    project.ctest("-j4").passed()
    equal("counts", counts_of(project), sum_of(TESTS, SERVER, PLUGIN, RUST if rust else {}))
    told = re.search(r"^Of Clang or rustc, (\d+) profiles were read from memory: .* may count once too often\.$", summary_of(project),
                     re.MULTILINE)
    equal("profiles from memory", told and int(told.group(1)), len(list(project.build_dir.rglob("rescued-*.profraw"))))
    check_formats(project)
    check_lines_of_llvm_cov(project, release)
    check_agreement(project, "7 files" if rust else "6 files")
    # A second run starts at zero.
    shutil.copytree(project.build_dir / "coverage", project.build_dir / "first")
    project.ctest("-j4").passed()
    counts = sum_of(TESTS, SERVER, PLUGIN, RUST if rust else {})
    equal("counts again", counts_of(project), counts)
    check_combined(project, counts)
    return project


def check_combined(project, counts):
    """Both runs together: gcc's objects, clang's programs and Rust's."""
    output = project.build_dir / "combined"
    for parts in (("coverage",), ("first", "coverage")):
        project.run(project.tools.gentle, "coverage", "combine", "--root", project.source, "--output", output,
                    *(project.build_dir / part for part in parts)).passed().does_not_say("warning")
        equal(f"counts of {parts}", counts_of(project, "combined"), sum_of(*([counts] * len(parts))))


def check_clang_alone(tools, release):
    """INSTRUMENT with clang: every end is kept, plain tests count, and what never ran is there with 0."""
    clang = f"-DCMAKE_CXX_COMPILER={shutil.which(f'clang++-{release}')}"
    project = new_project(tools, f"clang-{release}", clang)
    project.ctest("-j4", "-V").passed().does_not_say("never ran")
    equal("counts", counts_of(project), TESTS)
    equal("never.cc: lines", counted(summary_of(project), "src/never.cc"), (0, 5))
    check_agreement(project, "4 files")
    equal("excluded lines of never.cc", excluded_lines(project, "src/never.cc"), [5])


def check_own_flags(tools, release):
    """With flags of the project's own and no INSTRUMENT, a plain test counts as well, wherever the flags or the shell have it write."""
    elsewhere = tools.work / f"elsewhere-{release}"
    shutil.rmtree(elsewhere, ignore_errors=True)
    for name, generate in (("flags", "-fprofile-instr-generate"), ("file", f"-fprofile-instr-generate={elsewhere}/%p.profraw")):
        project = new_project(tools, f"own-{name}-{release}", f"-DCMAKE_CXX_COMPILER={shutil.which(f'clang++-{release}')}",
                              f"-DOWN_FLAGS={generate};-fcoverage-mapping")
        project.environment["LLVM_PROFILE_FILE"] = f"{elsewhere}/shell.profraw"
        project.ctest("-j4").passed()
        equal(f"counts, {name}", counts_of(project), TESTS)
        equal("what is elsewhere", [*elsewhere.glob("*"), *project.build_dir.glob("*.profraw")], [])


def check_limits(tools, release):
    clang = f"-DCLANG={shutil.which(f'clang++-{release}')}"
    more = ["FILTER", "src/(server|plugin).cc"]
    for kind, limit, passes in (("LINE", "95", False), ("LINE", "80", True), ("BRANCH", "85", False), ("BRANCH", "75", True)):
        project = new_project(tools, f"limit-{kind}-{limit}", "-DCMAKE_CXX_COMPILER=g++", clang,
                              "-DMORE=" + ";".join([*more, f"FAIL_UNDER_{kind}", limit]))
        result = project.ctest("-j4")
        equal("lines", counted(summary_of(project), "Total of 2 files"), (26, 30))
        if passes:
            result.passed()
        else:
            result.failed().says(rf"gentle: error: reach coverage: only \S+% of the .*FAIL_UNDER_{kind} asks for {limit}%")


def check_unread_objects(tools, release):
    """llvm-cov reads no object of -flto. What is not in a program may be missing, which a limit cannot judge."""
    clang = [f"-DCMAKE_CXX_COMPILER={shutil.which(f'clang++-{release}')}", "-DCMAKE_CXX_FLAGS=-flto=thin -fuse-ld=lld-" + str(release)]
    if not shutil.which(f"ld.lld-{release}"):
        print("not tried: -flto, for lack of lld")
        return
    never = "never.cc.o': it never ran, and llvm-cov cannot read it .*; sources that no other program holds are not in the report"
    project = new_project(tools, "lto", *clang)
    project.ctest("-j4", "-V").passed().says(rf"gentle: warning: count clang's coverage '\S*{never}, continuing")
    equal("counts", counts_of(project), {name: count for name, count in TESTS.items() if name != "never"})
    limited = new_project(tools, "lto-limit", *clang, "-DMORE=FAIL_UNDER_LINE;1")
    limited.ctest("-j4").failed().says(rf"gentle: error: count clang's coverage '\S*{never} hint: so no limit can be judged")


def check_both_kinds(tools, release):
    """Clang's --coverage, of the project's own flags, is in one table with source-based counts."""
    compiler = shutil.which(f"clang++-{release}")
    project = new_project(tools, "both", f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_CXX_FLAGS=--coverage",
                          f"-DCLANG={compiler}")
    result = project.ctest("-j4").failed()
    result.says("stop service 'own': coverage of 1 of its 1 processes is lost")  # a signal has ended it
    text = summary_of(project)
    for source in "server.cc", "plugin.cc", "tests.cc":
        covered, lines = counted(text, f"src/{source}")
        if not 0 < covered <= lines:
            raise result.explain(f"{source}: {covered} of {lines} lines in\n{text}")


def check_conditions(tools, release):
    """Clang's MC/DC is counted as GCC's, two outcomes for a term. Nine terms, of which two have decided alone both ways."""
    compiler = f"-DCMAKE_CXX_COMPILER={shutil.which(f'clang++-{release}')}"
    said = r"add_fixture_coverage\(\): CONDITIONS: Clang \S+ has no MC/DC, so conditions are not measured\. GCC has it since 14, and Clang since 18\."
    project = Project(tools, HERE / "coverage_llvm", tools.work / f"conditions-{release}")
    use_gcovr(project)
    configured = project.configure(compiler, "-DCMAKE_BUILD_TYPE=Debug", "-DDECIDES=ON", "-DMORE=CONDITIONS").passed()
    project.build().passed()
    project.ctest("-j4").passed()
    if release < 18:
        configured.says(said)
        equal("a column of conditions", "Conditions" in summary_of(project), False)
        return
    configured.does_not_say("CONDITIONS")
    found = re.search(r"^src/decides\.cc .*\) +\S+% \((\d+)/(\d+)\)$", summary_of(project), re.MULTILINE)
    equal("conditions", found and found.groups(), ("4", "18"))
    lcov = (project.build_dir / "coverage" / "lcov.info").read_text(encoding="utf-8")
    equal("conditions for lcov", re.findall(r"^MC[FH]:(\d+)$", lcov, re.MULTILINE), ["18", "4"])
    equal("each of them once", len(re.findall(r"^MCDC:", lcov, re.MULTILINE)), 18)
    both = Project(tools, HERE / "coverage_llvm", tools.work / "conditions-gcov")
    both.configure(compiler, "-DCMAKE_CXX_FLAGS=--coverage", "-DMORE=CONDITIONS").passed().says(
        r"CONDITIONS: Clang's --coverage has no conditions, so those of own are not measured")


def check_forks(tools, release):
    """What a forked child has left out does not take away what its parent has executed there."""
    project = new_project(tools, f"forks{release}", "-DFORKS=ON", f"-DCMAKE_CXX_COMPILER=clang++-{release}")
    project.ctest("-R", "forks").passed().does_not_say("too large")
    equal("counts of forks", {name: count for name, count in counts_of(project).items() if name in FORKS}, FORKS)
    folder = project.build_dir / "combined"
    project.run(tools.gentle, "coverage", "combine", "--root", project.source, "--output", folder,
                project.build_dir / "coverage").passed()
    equal("combined counts of forks", counts_of(project, "combined"), counts_of(project))
    if release >= 18:
        project.configure("-DMORE=CONDITIONS").passed()
        project.build().passed()
        project.ctest("-R", "forks").passed()
        found = re.search(r"^src/forks\.cc .*\) +\S+% \((\d+)/(\d+)\)$", summary_of(project), re.MULTILINE)
        equal("conditions that parent and child have shown together", found and found.groups(), ("6", "6"))
        project.run(tools.gentle, "coverage", "combine", "--root", project.source, "--output", folder,
                    project.build_dir / "coverage").passed()
        for report in "lcov.info", "coverage.json":
            equal(f"combined conditions of forks: {report}", (folder / report).read_text(encoding="utf-8"),
                  (project.build_dir / "coverage" / report).read_text(encoding="utf-8"))


def check_rebuilt(tools, project, release):
    """Of a program that was built again nothing is counted, which is told; the rest stands."""
    project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
    program = project.build_dir / "plugin.so"
    spec = project.build_dir / "CMakeFiles/GentleFixtures/coverage.spec"
    kept = program.read_bytes()
    source = tools.work / "other.cc"
    source.write_text("extern \"C\" int plug() { return 1; }\n", encoding="utf-8")
    subprocess.run([f"clang++-{release}", "-fprofile-instr-generate", "-fcoverage-mapping", "-shared", "-fPIC", source, "-o",
                    program], check=True)
    result = project.run(tools.gentle, "coverage", "report", spec).failed()
    result.says(rf"gentle: error: count clang's coverage '{literally(program)}': it was built again since it ran; "
                r"1 profile of it cannot be counted hint: ")
    rest = sum_of(TESTS, SERVER, RUST)
    equal("counts without the plugin", counts_of(project), {name: rest[name] for name in counts_of(project)})
    program.unlink()
    project.run(tools.gentle, "coverage", "report", spec).failed().says(
        rf"count clang's coverage '{literally(program)}': it is gone; 1 profile of it cannot be counted")
    program.write_bytes(kept)
    project.run(tools.gentle, "coverage", "report", spec).passed()


def check(tools):
    skip_without_gcovr()
    releases = [release for release in (14, 19) if shutil.which(f"clang++-{release}")
                and shutil.which(f"llvm-cov-{release}")]
    if not releases:
        print("skipped: there is neither clang 14 nor clang 19 with its llvm")
        raise SystemExit(77)
    os.environ.pop("LLVM_PROFILE_FILE", None)
    for release in releases:
        project = check_one_table(tools, release)
        check_clang_alone(tools, release)
        check_own_flags(tools, release)
        check_conditions(tools, release)
        check_forks(tools, release)
    check_limits(tools, releases[-1])
    check_both_kinds(tools, releases[-1])
    check_unread_objects(tools, releases[-1])
    check_rebuilt(tools, project, releases[-1])
