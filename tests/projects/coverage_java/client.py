# client.py <port>: asks the server twice. Its one thread has finished with the first request when it answers the second.
import sys
import urllib.request

for _ in range(2):
    with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/", timeout=30) as answer:
        if not answer.read().isdigit():
            sys.exit(1)
