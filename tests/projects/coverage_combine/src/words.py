"""Each word executes lines that the other does not."""

import sys


def even():
    return 2 if len(sys.argv) % 2 == 0 else None


def odd():
    numbers = [number for number in range(5)
               if number % 2]
    return numbers


def neither():
    return 0


def left_out():  # pragma: no cover
    return 1


if sys.argv[1] == "even":
    even()
elif sys.argv[1] == "odd":
    odd()
