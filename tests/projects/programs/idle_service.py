#!/usr/bin/env python3
"""idle_service.py <name> <events> [<ready file>]: says in a file when it starts and when it is told to stop."""

import signal
import sys
from pathlib import Path

name, events = sys.argv[1:3]
stop_signals = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, stop_signals)


def say(what):
    with open(events, "a", encoding="utf-8") as file:
        file.write(f"{name} {what}\n")


say("started")
if len(sys.argv) > 3:
    Path(sys.argv[3]).touch()
signal.sigwait(stop_signals)
say("stopped")
