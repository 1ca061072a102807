# server.py <port> <end>: serves until it is told to stop, and ends as asked. Behind #: stand the ends that execute the
# line, #: - for none; a line without it is executed by all.
import http.server
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

PORT, END = int(sys.argv[1]), sys.argv[2]


def work(path):
    total = 0
    for i in range(100):
        total += i if i % 3 else 1
    if path == "/never":
        return b"never"  #: -
    return b"%d" % total


def unused():
    return 1  #: -


def left_out():  # pragma: no cover
    return 2


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = work(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def leave_at_signal(*_):
    sys.exit(0)  #: handled


def serve(server):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  #: served
    threading.Thread(target=server.serve_forever, daemon=True).start()  #: served
    signal.sigwait([signal.SIGTERM])  #: served


def fork_workers(server):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  #: workers workers_killed
    workers = []  #: workers workers_killed
    for _ in range(2):  #: workers workers_killed
        workers.append(os.fork())  #: workers workers_killed
        if workers[-1] == 0:  #: workers workers_killed
            if END == "workers_killed":  #: workers workers_killed
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])  #: workers_killed
                server.serve_forever()  #: workers_killed
            serve(server)  #: workers
            os._exit(0)  #: workers
    signal.sigwait([signal.SIGTERM])  #: workers workers_killed
    for pid in workers:  #: workers workers_killed
        os.kill(pid, signal.SIGTERM)  #: workers workers_killed
        os.waitpid(pid, 0)  #: workers workers_killed


def in_process(server):
    child = multiprocessing.get_context("fork").Process(target=serve, args=(server,))  #: process
    child.start()  #: process
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())  #: process
    child.join()  #: process


def square(value):
    return value * value  #: pool_spawn pool_forkserver


def end_child(by):
    pid = os.fork()  #: children
    if pid == 0:  #: children
        os.kill(os.getpid(), by)  #: children
    os.waitpid(pid, os.WUNTRACED)  #: children
    if by == signal.SIGSTOP:  #: children
        os.kill(pid, signal.SIGKILL)  #: stopped
        os.waitpid(pid, 0)  #: stopped


def kill_one_that_starts():
    child = subprocess.Popen([sys.executable, "-c", "pass"])  #: starting
    child.kill()  #: starting
    child.wait()  #: starting


def close_all():
    os.closerange(3, 256)  #: closes_all
    for _ in range(64):  #: closes_all
        os.open("/dev/null", os.O_WRONLY)  #: closes_all


def leave():
    if END == "os_exit":  #: leaves
        os._exit(0)  #: os_exit
    if END == "abort":  #: leaves -os_exit
        os.abort()  #: abort
    if END == "uncaught":  #: leaves -os_exit -abort
        raise ValueError("uncaught")  #: uncaught
    if END == "sys_exit":  #: leaves -os_exit -abort -uncaught
        sys.exit(0)  #: sys_exit
    os.execv(sys.executable, [sys.executable, "-c", "pass"])  #: exec


def main():
    if END.startswith("pool"):
        with multiprocessing.get_context(END[len("pool_"):]).Pool(2) as pool:  #: pool_spawn pool_forkserver
            pool.map(square, range(4))  #: pool_spawn pool_forkserver
    if END == "closes_all":
        close_all()  #: closes_all
    if END == "starting":
        kill_one_that_starts()  #: starting
    http.server.ThreadingHTTPServer.allow_reuse_address = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    if END.startswith("workers"):
        fork_workers(server)  #: workers workers_killed
    elif END == "process":  #: all -workers -workers_killed
        in_process(server)  #: process
    elif END in ("sigkill", "sigterm", "sighup", "sigint", "handled"):  #: all -workers -workers_killed -process
        if END == "handled":  #: sigkill sigterm sighup sigint handled
            signal.signal(signal.SIGTERM, leave_at_signal)  #: handled
        server.serve_forever()  #: sigkill sigterm sighup sigint handled
    else:
        serve(server)  #: served -workers -process
    if END in ("segv", "stopped"):  #: returns
        end_child(signal.SIGSEGV if END == "segv" else signal.SIGSTOP)  #: children
    if END in ("os_exit", "abort", "uncaught", "sys_exit", "exec"):  #: returns
        leave()  #: leaves


if __name__ == "__main__":
    main()
