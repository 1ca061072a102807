"""'Debug this test' of an IDE: the debugger is on the test's program, with its services running and their variables set.

What an IDE does is done here: the command, the folder and the variables of a test are taken from what ctest shows and put
into the launch.json of docs/how-to/debug.md.
"""

import json
import re
import shutil
import subprocess
import sys

from proc import processes_in, wait_until_nothing_runs
from small_project import HERE, REPOSITORY, SKIPPED, Failed, Project, equal

PAGE = REPOSITORY / "docs" / "how-to" / "debug.md"
MARK = "// break here"


def documented():
    """The pieces of JSON of the page: the two launch.json, and the presets."""
    blocks = re.findall(r"^```json\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = {}
    for block in map(json.loads, blocks):
        if "configurations" in block:
            [configuration] = block["configurations"]
            found[configuration["type"]] = configuration
        else:
            found["presets"] = block
    equal("what the page has", sorted(found), ["cppdbg", "lldb", "presets"])
    return found


def line_of_break(source):
    lines = source.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if MARK in line)


def ask_file_api(project):
    query = project.build_dir / ".cmake" / "api" / "v1" / "query" / "client-ide"
    query.mkdir(parents=True)
    (query / "query.json").write_text(json.dumps({"requests": [{"kind": "codemodel", "version": 2}]}), encoding="utf-8")


def programs_of_targets(project):
    """The path of each program that the build makes, as CMake's file API has it."""
    replies = project.build_dir / ".cmake" / "api" / "v1" / "reply"
    index = json.loads(max(replies.glob("index-*.json")).read_text(encoding="utf-8"))
    [answer] = index["reply"]["client-ide"]["query.json"]["responses"]
    model = json.loads((replies / answer["jsonFile"]).read_text(encoding="utf-8"))
    found = {}
    for entry in model["configurations"][0]["targets"]:
        target = json.loads((replies / entry["jsonFile"]).read_text(encoding="utf-8"))
        if target["type"] == "EXECUTABLE":
            found[target["name"]] = str(project.build_dir / target["artifacts"][0]["path"])
    return found


def shown_tests(project):
    result = project.run(project.tools.ctest, "--show-only=json-v1", "-C", "Debug").passed()
    return {test["name"]: test for test in json.loads(result.stdout)["tests"]}


def properties_of(test):
    return {entry["name"]: entry["value"] for entry in test["properties"]}


def replaced(value, test):
    """As CMake Tools does with a configuration of launch.json."""
    if isinstance(value, dict):
        return {key: replaced(entry, test) for key, entry in value.items()}
    if isinstance(value, list):
        words = []
        for entry in value:
            words += test["command"][1:] if entry == "${cmake.testArgs}" else [replaced(entry, test)]
        return words
    if not isinstance(value, str):
        return value
    value = value.replace("${cmake.testProgram}", test["command"][0])
    return value.replace("${cmake.testWorkingDirectory}", properties_of(test)["WORKING_DIRECTORY"])


def with_variables(launch, test):
    """Newer versions of CMake Tools hand the test property ENVIRONMENT on, one text or a list."""
    settings = properties_of(test).get("ENVIRONMENT", [])
    pairs = [setting.split("=", 1) for setting in ([settings] if isinstance(settings, str) else settings)]
    return {**launch, "environment": [{"name": name, "value": value} for name, value in pairs]}


def debug(project, launch, source, text, end="runs on", at=None, stays=False):
    """Returns what the session saw. Afterwards nothing runs any more, unless a service ran before."""
    wanted = {**launch, "break": at or f"{source.name}:{line_of_break(source)}", "text": text, "end": end}
    file = project.build_dir / "session.json"
    file.write_text(json.dumps(wanted), encoding="utf-8")
    result = project.run_by_hand("sh", "-c", '"$0" "$1" < "$2"', sys.executable, HERE / "ide" / "session.py", file)
    seen = json.loads(result.passed().stdout)
    stop = seen["reason"], seen["file"], seen["line"]
    if stop != ("breakpoint-hit", str(source), str(line_of_break(source))):
        raise Failed(f"expected a stop at {source}:{line_of_break(source)}, got {stop}:\n{seen['told']}")
    if end == "runs on" and seen["reason of the end"] != "exited-normally":
        raise Failed(f"expected a good end, got {seen['reason of the end']}:\n{seen['told']}")
    if not stays:
        wait_until_nothing_runs(project.build_dir)
    return seen


def check_seen(project, seen, program, arguments, folder, text):
    equal("the program", seen["program"], programs_of_targets(project)[program])
    environment = seen["environment"]
    wanted = [re.sub(r"@(\w+)@", lambda name: environment[name.group(1)], word) for word in arguments]
    equal("the arguments", seen["arguments"], wanted)
    equal("the folder", seen["folder"], str(folder))
    for name in ("API_PORT", "CART_PORT"):
        text = text.replace(f"@{name}@", environment.get(name, "none"))
    if not re.fullmatch(rf'0x[0-9a-f]+ (<[^>]*> )?\\"{text}\\"', seen["text"]):
        raise Failed(f"expected the text {text}, got {seen['text']}")
    left = [name for name in environment if name.startswith("GENTLE_TEST")]
    equal("what ctest says to gentle alone", left, [])


def check_commands(project, tests):
    """What an IDE can know of the program by the command: nothing, so that a newer CMake Tools builds everything."""
    programs = programs_of_targets(project)
    for name, target in (("plain", "asks"), ("own", "asks"), ("attached", "asks"), ("Api.HasAPort", "gtests")):
        command = tests[name]["command"]
        equal(f"the program of {name}", command[0], project.tools.gentle)
        if programs[target] not in command or command[0] in programs.values():
            raise Failed(f"{name}: {command} does not run {programs[target]}")
    equal("the command of a test without services", tests["without"]["command"], [programs["asks"]])


def check_kinds(project, launch):
    tests = shown_tests(project)
    check_commands(project, tests)
    build = project.build_dir
    asks, by_gtest = project.source / "asks.cc", project.source / "asks_by_gtest.cc"

    def session(name, source, **more):
        return debug(project, replaced(launch, tests[name]), source, "text", **more)

    seen = session("plain", asks)
    check_seen(project, seen, "asks", ["two words", "@API_PORT@"], build / "there", "@API_PORT@ none good day")
    seen = session("own", asks)
    check_seen(project, seen, "asks", ["", "@CART_PORT@"], build, "none @CART_PORT@ none")
    seen = session("Api.HasAPort", by_gtest)
    check_seen(project, seen, "gtests", tests["Api.HasAPort"]["command"][-2:], build, "@API_PORT@")
    # The same with what newer versions hand on.
    for name, text in (("plain", "@API_PORT@ none good day"), ("attached", "@API_PORT@ none hello")):
        configuration = with_variables(replaced(launch, tests[name]), tests[name])
        seen = debug(project, configuration, asks, "text")
        check_seen(project, seen, "asks", tests[name]["command"][-2:],
                   properties_of(tests[name])["WORKING_DIRECTORY"], text)
    # The debugger is closed at the breakpoint, and another IDE names the whole path.
    session("plain", asks, end="is ended", at=f"{asks}:{line_of_break(asks)}")
    seen = debug(project, replaced(launch, tests["without"]), asks, "text")
    check_seen(project, seen, "asks", [], build, "none none none")


def check_running_service(project, launch):
    """One that was started by hand is used, and stays."""
    def gentle(*words):
        return project.run_by_hand(project.tools.gentle, *words, cwd=project.build_dir).passed()

    gentle("start", "api")
    try:
        variables = json.loads(gentle("env", "--json", "api").stdout)
        test = shown_tests(project)["plain"]
        asks = project.source / "asks.cc"
        seen = debug(project, replaced(launch, test), asks, "text", end="is ended", stays=True)
        equal("the service", seen["environment"]["API_PID"], variables["API_PID"])
        equal("the variables afterwards", json.loads(gentle("env", "--json", "api").stdout), variables)
    finally:
        gentle("down")
    equal("what runs", processes_in(project.build_dir), [])


def check_broken_service(project, launch):
    """A service that does not start ends the session, with its reason."""
    test = shown_tests(project)["broken"]
    configuration = replaced(launch, test)
    result = project.run_by_hand("gdb", "-nx", "-q", "-batch", "-ex", "run", "--args", configuration["program"],
                                 *configuration["args"])
    result.says(r"service 'bad'").says(r"exited with code 0?175")
    wait_until_nothing_runs(project.build_dir)


def check_below_ctest(project, launch):
    """There ctest starts the services, and `gentle run` goes on to answer for the test."""
    configuration = replaced(launch, shown_tests(project)["plain"])
    folder = project.tools.work / "below"
    folder.mkdir(exist_ok=True)
    words = ["gdb", "-nx", "-q", "-batch", "-ex", "run", "--args", configuration["program"], *configuration["args"]]
    command = " ".join(f"[==[{word}]==]" for word in words)
    (folder / "CTestTestfile.cmake").write_text(f"add_test(below {command})\n", encoding="utf-8")
    project.run(project.tools.ctest, "-V", cwd=folder).says("use service 'db': it was not started")


def check_lldb(project, launch):
    if not shutil.which("lldb"):
        print("not tried: lldb is not installed")
        return
    configuration = replaced(launch, shown_tests(project)["plain"])
    asks = project.source / "asks.cc"
    commands = [*configuration["initCommands"], f"breakpoint set --file {asks} --line {line_of_break(asks)}", "run",
                "p text", "continue"]
    options = [word for command in commands for word in ("-o", command)]
    result = project.run_by_hand("lldb", "-x", "-b", *options, "--", configuration["program"], *configuration["args"],
                                 cwd=configuration["cwd"])
    result.says(r"stop reason = breakpoint").says(r'"\d+ none good day"').says(r"exited with status = 0")
    wait_until_nothing_runs(project.build_dir)


def check_coverage(tools, launch):
    """The debugger is the one tracer of the test; what the test counts is kept, and its services' as ever."""
    project = Project(tools, HERE / "ide" / "project", tools.work / "coverage")
    ask_file_api(project)
    project.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", "-DWITH_COVERAGE=ON")
    tests = shown_tests(project)
    seen = debug(project, replaced(launch, tests["plain"]), project.source / "asks.cc", "text")
    check_seen(project, seen, "asks", ["two words", "@API_PORT@"], project.build_dir / "there",
               "@API_PORT@ none good day")
    check_lines(project, {f"coverage.{step}": "add_fixture_coverage(" for step in ("reset", "report")})
    [report] = [test["command"] for name, test in tests.items() if name.endswith(".report")]
    result = project.run_by_hand(*report).passed()
    result.says(r"asks\.cc +100(\.0)?%").says(r"server\.cc +100(\.0)?%").does_not_say("warning|lost")
    project.ctest().passed().says("100% tests passed")


def check_lines(project, calls):
    """"Go to test" opens the line of the project that has made the test, and no file of the module."""
    result = project.run(project.tools.ctest, "--show-only=json-v1").passed()
    shown = json.loads(result.stdout)
    graph = shown["backtraceGraph"]
    file = project.source / "CMakeLists.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    places = {test["name"]: graph["nodes"][test["backtrace"]] for test in shown["tests"] if "backtrace" in test}
    for name, call in calls.items():
        place = places[name]
        equal(f"the file of {name}", graph["files"][place["file"]], str(file))
        line = lines[place["line"] - 1].strip()
        if not line.startswith(call):
            raise Failed(f"expected {name} at a line '{call}', got line {place['line']}: {line}")


def check_presets(tools, presets):
    """A project that has the presets of the page."""
    source = tools.work / "presets"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(HERE / "ide" / "project", source)
    (source / "CMakePresets.json").write_text(json.dumps(presets), encoding="utf-8")
    project = Project(tools, source, source / "build" / "debug")
    project.run(tools.cmake, "--preset", "debug", f"-DGENTLE_EXECUTABLE={tools.gentle}",
                f"-DCMAKE_MODULE_PATH={REPOSITORY}/cmake", "-DWITH_COVERAGE=ON", cwd=source).passed()
    project.run(tools.cmake, "--build", "--preset", "debug", cwd=source).passed()
    result = project.run(tools.ctest, "--preset", "debug", cwd=source).passed()
    result.says("100% tests passed").says(r"plain \.+ +Passed").does_not_say(r"coverage\.report \.+ +Passed")
    check_lines(project, {
        "plain": "add_fixture_test(NAME plain", "own": "add_fixture_test(NAME own", "attached": "add_test(NAME attached",
        "api.start": "add_fixture_service(api", "api.stop": "add_fixture_service(api"})


def use_stripped_gentle(tools):
    """As it is installed: gdb reads for seconds what debugging information a build of ours has."""
    stripped = tools.work / "gentle"
    tools.work.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "-g", "-o", stripped, tools.gentle], check=True)
    tools.gentle = str(stripped)


def check(tools):
    use_stripped_gentle(tools)
    pages = documented()
    check_presets(tools, pages["presets"])
    if not shutil.which("gdb"):
        print("skipped: there is no gdb; on Debian: apt-get install gdb")
        sys.exit(SKIPPED)
    project = Project(tools, HERE / "ide" / "project", tools.work / "build")
    ask_file_api(project)
    project.configured_and_built("-DCMAKE_BUILD_TYPE=Debug")
    check_kinds(project, pages["cppdbg"])
    check_running_service(project, pages["cppdbg"])
    check_broken_service(project, pages["cppdbg"])
    check_below_ctest(project, pages["cppdbg"])
    check_lldb(project, pages["lldb"])
    check_coverage(tools, pages["cppdbg"])
