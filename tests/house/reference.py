"""docs/reference/, made from the comments of the CMake functions and the helper's --help texts.

As a check: the committed pages are what would be made now. To write them:

    python3 tests/house/reference.py <root> <gentle>

or build the target `reference`.
"""

import re
import subprocess
import sys
from pathlib import Path

COMMENT = re.compile(r"^#\[(=+)\[\.rst:\n(.*?)^#\]\1\]", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\.\. command:: (\w+)\n", re.MULTILINE)
TERM = re.compile(r"``[^`]+``(, ``[^`]+``)*")
# In the order in which a reader meets them; others follow by name.
ORDER = ("add_fixture_service", "add_fixture_test", "discover_fixture_tests", "attach_fixtures",
         "add_fixture_coverage")
NOTE = "<!-- Made by tests/house/reference.py; change the source, then build the target reference. -->"


class Wrong(Exception):
    """A comment holds what this small reader of reStructuredText does not know."""


def pages(root: Path, gentle: Path) -> dict[str, str]:
    return {"docs/reference/cmake.md": cmake_page(root),
            "docs/reference/command-line.md": command_line_page(gentle)}


def problems(root: Path, gentle: Path) -> list[str]:
    try:
        made = pages(root, gentle)
    except Wrong as wrong:
        return [str(wrong)]
    found = []
    for name, content in made.items():
        path = root / name
        if not path.is_file():
            found.append(f"{name}: is missing; build the target reference")
        elif path.read_text(encoding="utf-8") != content:
            found.append(f"{name}: is not what its source says now; build the target reference")
    reference = root / "docs" / "reference"
    found += [f"{path.relative_to(root)}: nothing makes this page"
              for path in sorted(reference.rglob("*"))
              if path.is_file() and path.relative_to(root).as_posix() not in made]
    return found


def cmake_page(root: Path) -> str:
    commands = {}
    for path in sorted((root / "cmake").rglob("*.cmake")):
        for _, comment in COMMENT.findall(path.read_text(encoding="utf-8")):
            where = path.relative_to(root)
            preface, *named = COMMAND.split(comment)
            if preface.strip() or not named:
                raise Wrong(f"{where}: a comment for the reference does not begin with "
                            "'.. command:: <name>'")
            for name, body in zip(named[::2], named[1::2]):
                try:
                    commands[name] = "\n".join(markdown(body.splitlines()))
                except Wrong as wrong:
                    raise Wrong(f"{where}: {name}: {wrong}") from None
    if not commands:
        raise Wrong("cmake/: no function has a comment for the reference")
    names = [name for name in ORDER if name in commands]
    names += sorted(set(commands) - set(ORDER))
    contents = "\n".join(f"- [`{name}`](#{name})" for name in names)
    sections = "\n".join(f"\n## {name}\n\n{commands[name]}" for name in names)
    return f"{NOTE}\n\n# The CMake functions\n\n{contents}\n{sections}\n"


def markdown(lines: list[str]) -> list[str]:
    """Turns paragraphs, `::` blocks, and terms with their indented definitions into Markdown."""
    lines = dedent(lines)
    made: list[str] = []
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        if line.startswith(".. "):
            raise Wrong(f"'{line}': no such directive is known")
        paragraph = [line]
        while lines and lines[0] and not lines[0].startswith(" "):
            paragraph.append(lines.pop(0))
        if TERM.fullmatch(" ".join(paragraph)) and body_follows(lines):
            body = markdown(take_indented(lines))
            term = inline("\n  ".join(paragraph))
            made += [f"- {term}", ""] + [f"  {text}".rstrip() for text in body] + [""]
            continue
        literal = paragraph[-1].endswith("::")
        if literal:
            paragraph[-1] = paragraph[-1][:-1]
        made += [inline(text) for text in paragraph] + [""]
        if literal:
            made += ["```cmake", *dedent(take_indented(lines)), "```", ""]
        elif lines and lines[0].startswith(" "):
            raise Wrong(f"'{lines[0].strip()}': is indented, though it is no block and no "
                        "definition")
    while made and not made[-1]:
        made.pop()
    return made


def dedent(lines: list[str]) -> list[str]:
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    lines = [line[depth:].rstrip() for line in lines]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def body_follows(lines: list[str]) -> bool:
    return next((line.startswith(" ") for line in lines if line), False)


def take_indented(lines: list[str]) -> list[str]:
    taken = []
    while lines and (not lines[0] or lines[0].startswith(" ")):
        taken.append(lines.pop(0))
    return taken


def inline(text: str) -> str:
    code = r"``(.+?)``(?!`)"
    text = re.sub(r":command:`(\w+)(?:\(\))?`", r"[``\1``](#\1)", text)
    if role := re.search(r":\w+:`", text):
        raise Wrong(f"'{role.group()}': no such role is known")
    return re.sub(code, r"`\1`", text)


def command_line_page(gentle: Path) -> str:
    sections = [f"## gentle\n\n{help_text(gentle)}"]
    names = subcommands(gentle)
    if not names:
        raise Wrong(f"{gentle} --help names no subcommand")
    for name in names:
        sections.append(f"## gentle {name}\n\n{help_text(gentle, *name.split())}")
        if name == "coverage":  # the one step with options of its own
            sections.append(f"## gentle coverage combine\n\n{help_text(gentle, 'coverage', 'combine')}")
    return (f"{NOTE}\n\n# The command line\n\n"
            "What `gentle --help` and `gentle <command> --help` say.\n\n"
            + "\n\n".join(sections) + "\n")


def subcommands(gentle: Path) -> list[str]:
    return re.findall(r"^  ([a-z][\w-]*)(?: \S+)*  +\S", told(gentle, "--help"), re.MULTILINE)


def help_text(gentle: Path, *command: str) -> str:
    return f"```text\n{told(gentle, *command, '--help')}```"


def told(gentle: Path, *arguments: str) -> str:
    done = subprocess.run([gentle, *arguments], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0 or done.stderr:
        raise Wrong(f"{gentle} {' '.join(arguments)}: status {done.returncode}: {done.stderr}")
    return done.stdout


def main() -> int:
    root, gentle = map(Path, sys.argv[1:])
    try:
        made = pages(root, gentle.resolve())
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    for name, content in made.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
