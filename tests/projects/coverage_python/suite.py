# A test in Python.
import os


def test():
    assert 1 + 1 == 2
    if os.environ.get("NEVER"):
        return 1  # never
    return 0


os._exit(test())
