# client.py <port>: asks the server once.
import sys
import urllib.request

with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/", timeout=30) as answer:
    sys.exit(0 if answer.read().isdigit() else 1)
