#!/usr/bin/env python3
"""session.py: a debug session as the C/C++ extension of VS Code has it with gdb, to the first breakpoint.

Reads from standard input, as JSON: a configuration of launch.json whose variables are replaced, and `break`, `text` and
`end`. Prints where it stopped, what is seen there, and what the kernel says of the process that is debugged.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path


class Gdb:
    """gdb's machine interface. What is asked is answered; a stop is told whenever it comes."""

    def __init__(self):
        self.process = subprocess.Popen(["gdb", "-nx", "-q", "--interpreter=mi"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, errors="replace")
        self.told = []

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("gdb has ended:\n" + "".join(self.told))
        self.told.append(line)
        return line.rstrip("\n")

    def ask(self, command, may_fail=False):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        while not (line := self.line()).startswith(("^done", "^running", "^error", "^exit")):
            pass
        if line.startswith("^error") and not may_fail:
            sys.exit(f"{command}:\n" + "".join(self.told))
        return line

    def stop(self):
        while not (line := self.line()).startswith("*stopped"):
            pass
        return line


def value(line, key):
    found = re.search(rf'[,{{"]{key}="((?:[^"\\]|\\.)*)"', line)
    return found.group(1) if found else ""


def quoted(argument):
    """As the extension does: gdb has a shell start the program, and what else a shell knows is left to it."""
    argument = argument.replace('"', '\\"')
    return f'"{argument}"' if not argument.strip() or re.search(r"[ \t()]", argument) else argument


def run_to_breakpoint(gdb, wanted):
    gdb.ask("-gdb-set stop-on-solib-events 1")
    for command in wanted.get("setupCommands", []):
        gdb.ask(command["text"], may_fail=command.get("ignoreFailures", False))
    gdb.ask(f"-environment-cd {wanted['cwd']}")
    gdb.ask(f"-file-exec-and-symbols {wanted['program']}")
    gdb.ask("-exec-arguments " + " ".join(quoted(argument) for argument in wanted["args"]))
    entry = value(gdb.ask("-break-insert main", may_fail=True), "number")
    for variable in wanted.get("environment", []):
        gdb.ask(f"-interpreter-exec console \"set env {variable['name']} {variable['value']}\"")
    gdb.ask(f"-break-insert -f {wanted['break']}")
    gdb.ask("-exec-run")
    while True:
        stop = gdb.stop()
        if value(stop, "reason") == "solib-event":
            gdb.ask("-gdb-set stop-on-solib-events 0")
        elif value(stop, "reason") == "breakpoint-hit" and value(stop, "bkptno") == entry:
            gdb.ask(f"-break-delete {entry}")
        else:
            return stop
        gdb.ask("-exec-continue")


def main():
    wanted = json.load(sys.stdin)
    gdb = Gdb()
    stop = run_to_breakpoint(gdb, wanted)
    seen = {"reason": value(stop, "reason"), "file": value(stop, "fullname"), "line": value(stop, "line")}
    if seen["reason"] == "breakpoint-hit":
        process = Path("/proc", value(gdb.ask("-list-thread-groups"), "pid"))
        seen["text"] = value(gdb.ask(f"-data-evaluate-expression {wanted['text']}"), "value")
        seen["program"] = os.readlink(process / "exe")
        seen["folder"] = os.readlink(process / "cwd")
        seen["arguments"] = (process / "cmdline").read_bytes().decode().split("\0")[1:-1]
        seen["environment"] = dict(word.split("=", 1) for word in
                                   (process / "environ").read_bytes().decode().split("\0")[:-1])
        if wanted["end"] == "runs on":
            gdb.ask("-exec-continue")
            last = gdb.stop()
            seen["reason of the end"] = value(last, "reason")
    gdb.ask("-gdb-exit")
    gdb.process.wait()
    seen["told"] = "".join(gdb.told)
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
