import sys

if len(sys.argv) == 1:
    print("executed")
else:
    print("not executed")
