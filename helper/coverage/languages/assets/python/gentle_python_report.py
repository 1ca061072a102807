# Asks coverage.py what counts in the sources that our recorder has seen: which lines are statements,
# and which of them the project's own configuration of coverage.py leaves out. To be run in the
# project's folder, where that configuration is:
#   python3 gentle_python_report.py <input> <output> <work folder>
# Both files hold fields that a zero ends. Input: path, its executed lines. Output, a kind before
# each: "F" path, executed lines, missing lines, excluded lines; "W" path, why it cannot be counted.
# Lists of lines are numbers with spaces between them.
import json
import os
import sys

NO_COVERAGE = 3
try:
    import coverage
    from coverage import files
except ImportError:
    sys.exit(NO_COVERAGE)
if coverage.version_info < (5, 0):
    sys.exit(NO_COVERAGE)


def read_input(path):
    with open(path, "rb") as file:
        fields = file.read().split(b"\0")[:-1]
    return {os.fsdecode(name): set(map(int, lines.split()))
            for name, lines in zip(fields[::2], fields[1::2])}


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


# What coverage.py would have measured, by its options of `run`.
def measured(run, lines):
    def option(name):
        try:
            return run.get_option(name)
        except Exception:  # ConfigError, which is no CoverageException before version 7
            return None  # this version has no such option

    sources = [*(option("run:source") or []), *(option("run:source_pkgs") or [])]
    folders = [folder for source in sources for folder in folders_of_source(source)]
    if sources:
        inside = tuple(folder + os.sep for folder in folders)
        lines = {path: hit for path, hit in lines.items()
                 if path in folders or path.startswith(inside)}
        namespaces = bool(option("report:include_namespace_packages"))
        for folder in folders:
            for path in python_files(folder, namespaces):
                lines.setdefault(os.path.realpath(path), set())
    elif option("run:include"):
        included = matcher(option("run:include"))
        lines = {path: hit for path, hit in lines.items() if included(path)}
    if option("run:omit"):
        omitted = matcher(option("run:omit"))
        lines = {path: hit for path, hit in lines.items() if not omitted(path)}
    return lines


def add_to(data_file, lines):
    data = coverage.CoverageData(data_file)
    data.erase()
    data.add_lines({path: hit for path, hit in lines.items() if hit})
    for path, hit in lines.items():
        if not hit:
            data.touch_file(path)
    data.write()


# Those that it cannot read are told, but of templates, whose lines belong to no Python.
def check(run, lines):
    problems = {}
    for path in list(lines):
        try:
            run.analysis2(path)
        except coverage.CoverageException as error:
            del lines[path]
            if path.endswith(".py"):
                problems[path] = " ".join(str(error).split())
    return problems


def main(source, target, folder):
    data_file = os.path.join(folder, "python.coverage")
    lines = measured(coverage.Coverage(data_file=data_file), read_input(source))
    add_to(data_file, lines)
    run = coverage.Coverage(data_file=data_file)
    run.load()
    problems = check(run, lines)
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
    for path, file in counted.items():
        fields += ["F", os.path.realpath(path)]
        for kind in ("executed_lines", "missing_lines", "excluded_lines"):
            fields.append(" ".join(map(str, file[kind])))
    for path, problem in problems.items():
        fields += ["W", path, problem]
    with open(target, "wb") as file:
        file.write(b"".join(os.fsencode(field) + b"\0" for field in fields))


main(*sys.argv[1:])
