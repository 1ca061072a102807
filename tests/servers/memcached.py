"""memcached: its threads answer several clients at once, and it takes another user's rights. Each command that was
sent is one call of the function that looks at it."""

import os
import re

from small_project import equal
from memcached_clients import CLIENTS as MANY
from memcached_clients import COMMANDS, SETS

PACKAGE = "memcached"
HEADERS = ("event.h",)
TARGETS = ("memcached",)
OBJECTS = ""
CLIENTS = "memcached_clients.py"


def configure(folder):
    # Its threads count the same lines: without atomic counters some of that would be lost.
    return [folder / "configure", "CFLAGS=-O0 --coverage -fprofile-update=atomic", "--disable-dependency-tracking",
            "--disable-docs", "--disable-extstore"]


def command(folder, _):
    return [folder / "memcached", "-u", "nobody", "-t", "4", "-l", "@SERVER_HOST@", "-p", "@SERVER_PORT@", "-U", "0"]


def check(run):
    said = run.ctest()
    equal("calls for commands", run.calls("proto_text", "process_command_ascii"), MANY * COMMANDS)
    equal("calls for set", run.calls("proto_text", "process_update_command"), MANY * SETS)
    reported = run.tracefile()["proto_text.c"]
    equal("the same in the report", MANY * COMMANDS in [line["count"] for line in reported], True)
    words = "rescued (could not write)" if os.geteuid() == 0 else "written"
    said.says(re.escape(f"coverage of 1 process: 1 {words}"))
