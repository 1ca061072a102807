"""Arguments that nobody thought of: they arrive as written, or one message of ours says what is wrong.

TEST_SEED repeats a run; without it each run has others."""

import json
import os
import random
import re
import sys

from small_project import HERE, Failed, Project, equal

SERVICES = 30  # each with a test
MUDDLES = 25
RECORDER = HERE / "random_arguments" / "record_words.py"

# What CMake's lists, code, generator expressions and our own references are made of.
PIECES = [";", "\\", "\"", "'", "$", "${", "}", "$<", ">", "@", "@@", "@SELF_", "[", "]", "[[", "]]", "[=[", "]=]", "(", ")", "#",
          " ", "  ", "\t", "\n", "\r", "%", "%41", "*", "?", "~", "-", "--", "=", ",", ":", "|", "&", "!", "`", "\u00fc", "\u20ac", "\U0001f41b", "\x01", "\x7f", "a", "B", "0", "NAME",
          "COMMAND", "FIXTURES", "ENVIRONMENT", "$<1:", "$<0:", "$<CONFIG", "${HOME}", "$ENV{HOME}", "\\n", "\\;"]
KEYWORDS = ["COMMAND", "SHELL", "PORTS", "LISTEN", "READY", "START_TIMEOUT", "STOP", "EXIT_CODES", "DEPENDS", "ENVIRONMENT",
            "WORKING_DIRECTORY", "EXPORT", "SCOPE", "COVERAGE", "LABELS"]
WORDS = ["TCP", "HTTP", "UNIX", "LOG", "FILE", "NOTIFY", "EXIT", "STATUS", "TIMES", "FOREIGN", "SIGINT", "5", "-1", "0", "99999999999999999999", "http", "http=80",
         "=", "a=", "A=b", "/x", "", "RUN", "TEST", "AUTO", "OFF", ";", "a;b", "@SELF_PORT@", "@@", "(", "[a", "$<CONFIG>", "$<", "\u00fc"]


def random_word(dice):
    return "".join(dice.choice(PIECES) for _ in range(dice.randrange(0, 9)))


def is_plain(word):
    """Generator expressions, references, line breaks and keywords have a meaning, which other tests check."""
    return not any(special in word for special in ("$<", "@", "\n")) and not word.isupper()


def plain_word(dice):
    while True:
        word = random_word(dice)
        if is_plain(word):
            return word


def quoted(word):
    """A bracket argument, which CMake leaves as it is but for a line break at its beginning."""
    equals = "="
    while f"]{equals}]" in word + "]":
        equals += "="
    return f"[{equals}[\n{word}]{equals}]"


def project_of(dice, folder):
    """The words of each service and test, whose CMakeLists.txt is written."""
    wanted = {}
    lines = ["cmake_minimum_required(VERSION 3.22)", "project(random LANGUAGES NONE)", "enable_testing()", "include(GentleFixtures)"]
    for number in range(SERVICES):
        for kind in "service", "test":
            words = [plain_word(dice) for _ in range(dice.randrange(0, 6))]
            value = plain_word(dice)
            name = f"{kind}{number}"
            wanted[name] = {"words": words, "value": value}
            command = " ".join(quoted(str(word)) for word in [sys.executable, RECORDER, f"{folder}/{name}.json", *words])
            call = f"add_fixture_service({name} READY EXIT" if kind == "service" else f"add_fixture_test(NAME {name} FIXTURES service{number}"
            lines.append(f"{call} COMMAND {command} ENVIRONMENT {quoted('VALUE=' + value)})")
    (folder / "CMakeLists.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return wanted


def check_words_arrive(tools, dice):
    source = tools.work / "source"
    source.mkdir(parents=True, exist_ok=True)
    wanted = project_of(dice, source)
    project = Project(tools, source, tools.work / "build")
    project.configured_and_built()
    project.ctest("-j2").passed()
    for name, expected in wanted.items():
        equal(name, json.loads((source / f"{name}.json").read_text(encoding="utf-8")), expected)


def muddled_call(dice):
    words = [quoted(dice.choice([random_word(dice), dice.choice(WORDS)])) if dice.random() < 0.6 else dice.choice(KEYWORDS)
             for _ in range(dice.randrange(1, 8))]
    start = dice.choice(["add_fixture_service(s", "add_fixture_service(s COMMAND true", "add_fixture_service(s COMMAND true READY",
                         "add_fixture_test(NAME t COMMAND true FIXTURES", "add_fixture_test(NAME t FIXTURES s", "add_fixture_test(",
                         "discover_fixture_tests(", "add_fixture_service("])
    return f"{start} {' '.join(words)})"


def check_muddle(tools, dice):
    source = tools.work / "muddle"
    source.mkdir(parents=True, exist_ok=True)
    call = muddled_call(dice)
    (source / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.22)\nproject(muddle LANGUAGES NONE)\nenable_testing()\ninclude(GentleFixtures)\n{call}\n",
        encoding="utf-8")
    result = Project(tools, source, tools.work / "muddle-build").configure()
    errors = re.findall(r"^CMake Error.*?(?=^\S|\Z)", result.stderr, re.MULTILINE | re.DOTALL)
    ours = [error for error in errors if re.search(r"(add|discover)_fixture_\w+\(|GentleFixtures", error.partition("\n")[2])]
    if result.status not in (0, 1) or len(errors) != result.status or len(ours) != result.status:
        raise result.explain(f"expected success or one message of ours from {call!r}")
    if re.search(r"CMake (Deprecation )?Warning", result.stderr):
        raise result.explain(f"expected no warning from {call!r}")


def check(tools):
    seed = int(os.environ.get("TEST_SEED") or random.randrange(10**6))
    dice = random.Random(seed)
    try:
        check_words_arrive(tools, dice)
        for _ in range(MUDDLES):
            check_muddle(tools, dice)
    except Failed as failure:
        raise Failed(f"TEST_SEED={seed}: {failure}") from failure
