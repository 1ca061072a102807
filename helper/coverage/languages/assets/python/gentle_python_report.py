# Asks coverage.py what counts in the sources that our recorder has seen: which lines are statements,
# and which of them the project's own configuration of coverage.py leaves out. To be run in the
# project's folder, where that configuration is:
#   python3 gentle_python_report.py <input> <output> <work folder> <"limited" if the project has limits, or "">
# Both files hold fields that a zero ends. Input: "A" if all processes have recorded their arcs, or
# "L"; then path, its executed lines, its arcs: for each a line and the next one, or, if it leaves its
# code, -1 times that code's first line. Output, a kind before each: "F" path, executed lines, missing
# lines, excluded lines, branches: for each its line, the number of ways on from it, and for each way
# 1 if it was taken, or 0; "W" path, why it cannot be counted; "B" and a text, why there are no branches.
# Lists are numbers with spaces between them.
import json
import os
import sys

NO_COVERAGE = 3
NO_PLUGIN = 4
try:
    import coverage
    from coverage import files
except ImportError:
    sys.exit(NO_COVERAGE)
if coverage.version_info < (5, 0):
    sys.exit(NO_COVERAGE)


def read_input(path):
    with open(path, "rb") as file:
        kind, *fields = file.read().split(b"\0")[:-1]
    lines, arcs = {}, {}
    for name, executed, taken in zip(fields[::3], fields[1::3], fields[2::3]):
        path = os.fsdecode(name)
        numbers = list(map(int, taken.split()))
        lines[path] = set(map(int, executed.split()))
        arcs[path] = set(zip(numbers[::2], numbers[1::2]))
    return lines, arcs if kind == b"A" else None


def matcher(patterns):
    kind = getattr(files, "GlobMatcher", None) or files.FnmatchMatcher
    return kind(files.prep_patterns(patterns)).match


# A folder, or a package of that name: as coverage.py reads its option `source`.
def folders_of_source(source):
    if os.path.isdir(source):
        return [os.path.realpath(source)]
    parts = os.path.join(*source.split("."))
    found = [os.path.realpath(os.path.join(place or ".", parts)) for place in ["", *sys.path]]
    return [path for path in found if os.path.isdir(path)] + \
        [path + ".py" for path in found if os.path.isfile(path + ".py")]


def python_files(folder, namespaces):
    if os.path.isfile(folder):
        return [folder]
    try:
        return files.find_python_files(folder, namespaces)
    except TypeError:
        return files.find_python_files(folder)


def option_of(run, name):
    try:
        return run.get_option(name)
    except Exception:  # ConfigError, which is no CoverageException before version 7
        return None  # this version has no such option


def set_option(run, name, value):
    try:
        run.set_option(name, value)
    except Exception:
        pass  # as above


# By the project's configuration, but for what changes how paths and contexts are looked up: all paths
# here are absolute, and nothing has a context. A plugin, such as covdefaults, may be a part of the
# configuration. coverage.py calls it when it is first asked for something else than an option.
def coverage_of(data_file):
    run = coverage.Coverage(data_file=data_file)
    set_option(run, "run:relative_files", False)
    run.get_exclude_list()
    for name, value in (("run:relative_files", False), ("run:data_file", data_file), ("paths", {}), ("report:contexts", None)):
        set_option(run, name, value)
    return run


# The recorder leaves out what is installed, and what a virtual environment has beside.
def is_installed(path):
    return "/site-packages/" in path or "/dist-packages/" in path


def is_in_environment(path, folder):
    while path != folder and path != os.path.dirname(path):
        path = os.path.dirname(path)
        if os.path.isfile(os.path.join(path, "pyvenv.cfg")):
            return True
    return False


# What coverage.py would have measured, by its options of `run`. Notes in `problems` what does not count
# though its configuration names it.
def measured(run, lines, problems):
    def option(name):
        return option_of(run, name)

    sources = [name for kind in ("source", "source_pkgs", "source_dirs") for name in option("run:" + kind) or []]
    folders = [folder for source in sources for folder in folders_of_source(source)]
    if sources:
        inside = tuple(folder + os.sep for folder in folders)
        lines = {path: hit for path, hit in lines.items()
                 if path in folders or path.startswith(inside)}
        namespaces = bool(option("report:include_namespace_packages"))
        for folder in folders:
            if is_installed(folder + os.sep):
                problems[folder] = "coverage.py's configuration names it as a source, but what is installed does " \
                    "not count: install it with pip install -e"
                continue
            for path in map(os.path.realpath, python_files(folder, namespaces)):
                if not is_installed(path) and not is_in_environment(path, folder):
                    lines.setdefault(path, set())
    elif option("run:include"):
        included = matcher(option("run:include"))
        lines = {path: hit for path, hit in lines.items() if included(path)}
    if option("run:omit"):
        omitted = matcher(option("run:omit"))
        lines = {path: hit for path, hit in lines.items() if not omitted(path)}
    return lines


# With arcs, coverage.py takes the lines from them: each is the target of one, if only on the way in. An
# arc is noted when the line before it begins, so where that line raised, or the process was killed,
# nothing may have come of it.
def add_to(data_file, lines, arcs):
    data = coverage.CoverageData(data_file)
    data.erase()
    if arcs is None:
        data.add_lines({path: hit for path, hit in lines.items() if hit})
    else:
        data.add_arcs({path: {*((-1, line) for line in hit),
                              *(arc for arc in arcs[path] if arc[0] in hit and (arc[1] < 0 or arc[1] in hit))}
                       for path, hit in lines.items() if hit})
    for path, hit in lines.items():
        if not hit:
            data.touch_file(path)
    data.write()


# For each line with several ways on from it, which of them were taken. The number of both is that of
# coverage.py's reports, also where a pragma makes it differ from the arcs.
def branches_of(analysis):
    missing = analysis.missing_branch_arcs()
    arcs = analysis.arc_possibilities
    possible = arcs() if callable(arcs) else arcs
    fields = []
    for line, (ways, taken) in sorted(analysis.branch_stats().items()):
        if line not in analysis.statements:
            continue  # as in coverage.py's XML and LCOV
        targets = [target for start, target in possible
                   if start == line and target not in analysis.excluded]
        targets.sort(key=lambda target: (target < 0, target))  # out of the code comes last
        flags = [target not in missing.get(line, ()) for target in targets]
        if len(flags) != ways or sum(flags) != taken:
            flags = [way < taken for way in range(ways)]
        fields += [line, ways, *map(int, flags)]
    return fields


# The statements of each file. Files that it cannot read are told, but of templates, whose lines belong
# to no Python.
def analyse(run, lines, branches, problems):
    statements = {}
    for path in list(lines):
        try:
            if branches is None:
                statements[path] = set(run.analysis2(path)[1])
            else:
                analysis = run._analyze(path)
                statements[path] = set(analysis.statements)
                branches[path] = branches_of(analysis)
        except coverage.CoverageException as error:
            del lines[path]
            if path.endswith(".py"):
                problems[path] = " ".join(str(error).split())
        except AssertionError as error:  # some versions of coverage.py expect no such code
            del lines[path]
            problems[path] = "coverage.py cannot tell its branches: " + " ".join(str(error).split())
    return statements


# What coverage.py itself would heed, and nobody does here.
def unheeded(contexts, limit, is_limited):
    if contexts:
        yield "its `contexts` of [report] do not count: all that was executed does"
    if limit and not is_limited:
        yield "its `fail_under` is no limit of this report: FAIL_UNDER_LINE and FAIL_UNDER_BRANCH of " \
            "add_fixture_coverage are"


def main(source, target, folder, limited):
    data_file = os.path.join(folder, "python.coverage")
    lines, arcs = read_input(source)
    sys.path.append("")  # for plugins of the project, as the command `coverage` does
    run = coverage.Coverage(data_file=data_file)
    contexts = option_of(run, "report:contexts")
    configuration = getattr(run.config, "config_file", None) or os.getcwd()
    try:
        run = coverage_of(data_file)
    except ImportError as error:  # of a plugin that the configuration names
        print(error, file=sys.stderr)
        sys.exit(NO_PLUGIN)
    is_asked = bool(run.get_option("run:branch"))
    problems = {}
    lines = measured(run, lines, problems)
    branches = {} if is_asked and arcs is not None else None
    add_to(data_file, lines, arcs if branches is not None else None)
    run = coverage_of(data_file)
    run.load()
    statements = analyse(run, lines, branches, problems)
    counted = {}
    if lines:
        report = os.path.join(folder, "python.json")
        try:
            run.json_report(morfs=sorted(lines), outfile=report, show_contexts=False)
            with open(report, encoding="utf-8") as file:
                counted = json.load(file)["files"]
        except coverage.CoverageException as error:
            if "No data to report" not in str(error):
                raise
    fields = []
    for name, file in counted.items():
        path = os.path.realpath(name)
        # Of the executed lines, some are no statements: before Python 3.10, that of a module's docstring.
        executed = [line for line in file["executed_lines"] if line in statements[path]]
        numbers = (executed, file["missing_lines"], file["excluded_lines"], (branches or {}).get(path, []))
        fields += ["F", path, *(" ".join(map(str, kind)) for kind in numbers)]
    if is_asked and branches is None:
        fields += ["B", "coverage.py's configuration asks for them, and some process has not recorded "
                   "them: run cmake, for whose python3 coverage.py has to be installed, and the tests again"]
    told = [(configuration, text) for text in unheeded(contexts, option_of(run, "report:fail_under"), bool(limited))]
    for path, problem in [*problems.items(), *told]:
        fields += ["W", path, problem]
    with open(target, "wb") as file:
        file.write(b"".join(os.fsencode(field) + b"\0" for field in fields))


main(*sys.argv[1:])
