"""What is different where CI runs the tests."""

import os


def in_ci():
    """CI installs every tool, so that no test is left out there unnoticed."""
    return os.environ.get("CI", "") not in ("", "0", "false")
