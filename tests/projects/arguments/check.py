"""Every argument arrives as written: in a service, a test, a discovered test, ENVIRONMENT and EXPORT."""

from small_project import HERE, PROGRAMS, Project, equal, recorded_arguments, recorded_directory, recorded_environment

ARGUMENTS = [
    "two words", "\"quoted\" 'too'", "a;b;", "", "back\\slash", "trailing\\", "$HOME ${HOME} $ENV{", "[", "]", "[[x]=]", "(", "#no",
    "grüß €", "a@b@", "me@here", "<port>", "%41", "*", "~", "-", "--", "\ttab", "a>b", "Debug", "client", "$<unclosed", "xy$<z", "<keyword>", "last;",
]
ENVIRONMENT = {
    "SPACES": "two words", "LIST": "a;b;;c", "QUOTES": "\"a\" 'b'", "BACKSLASH": "\\a\\", "DOLLAR": "$HOME", "BRACKET": "[",
    "OTHER_BRACKET": "]", "EMPTY": "", "EQUALS": "a=b=c", "UTF8": "grüß", "AT": "a@b", "PORT_IN": "<<port>>", "CONFIG": "Debug",
    "UNCLOSED": "$<x", "DEBUG": "1,2",
}
EXPORT = {
    "API_SPACES": "two words", "API_LIST": "a;b;;c", "API_QUOTES": "\"a\" 'b'", "API_BACKSLASH": "\\a\\", "API_DOLLAR": "$HOME",
    "API_BRACKET": "[", "API_EMPTY": "", "API_UTF8": "grüß", "API_AT": "a@b", "API_URL": "http://127.0.0.1:<port>/", "API_CONFIG": "Debug",
    "API_UNCLOSED": "$<x",
}


def expected(values, port, keyword=""):
    return [value.replace("<port>", port).replace("<keyword>", keyword) for value in values]


def check_environment(what, found, wanted, port):
    for name, value in wanted.items():
        equal(f"{what}: {name}", found.get(name), value.replace("<port>", port))
    equal(f"{what}: NEVER", found.get("NEVER"), None)


def check(tools):
    project = Project(tools, HERE / "arguments", tools.work / "build with spaces")
    project.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", f"-DPROGRAMS={PROGRAMS}")
    project.ctest().passed().says("100% tests passed")
    build = project.build_dir

    test = recorded_environment(build / "client")
    port = test["API_PORT"]
    equal("the test's arguments", recorded_arguments(build / "client"), expected(ARGUMENTS, port, "LABELS"))
    check_environment("the test", test, ENVIRONMENT | EXPORT, port)
    equal("the test's folder", recorded_directory(build / "client"), test["API_DIR"])

    equal("the service's arguments", recorded_arguments(build / "service"), expected(ARGUMENTS, port, "STOP"))
    check_environment("the service", recorded_environment(build / "service"), ENVIRONMENT, port)

    discovered = recorded_arguments(build / "discovered")
    equal("GoogleTest's own arguments", discovered[:2], ["--gtest_filter=Recording.Second", "--gtest_also_run_disabled_tests"])
    equal("the discovered test's arguments", discovered[2:], expected(ARGUMENTS, port, "PROPERTIES"))
    check_environment("the discovered test", recorded_environment(build / "discovered"), EXPORT | {"FIRST": "1", "SECOND": "2"}, port)
    project.ctest("-N", "-L", "^two$").passed().says(r"#\d: Recording\.First.*#\d: Recording\.Second.*Total Tests: 4")
