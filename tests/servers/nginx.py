"""nginx: its master lets go of its environment, its workers take another user's rights. They are replaced by
reloads, and some are killed. Then each line of the access log is one call of the function that writes it."""

import os
import re

from small_project import equal
from nginx_clients import KILLS, RELOADS, REQUESTS

PACKAGE = "nginx"
HEADERS = ()
TARGETS = ()
OBJECTS = "objs"
CLIENTS = "nginx_clients.py"

# What needs another library, or is not asked here.
WITHOUT = ("rewrite gzip charset ssi userid auth_basic mirror autoindex geo map split_clients referer proxy fastcgi "
           "uwsgi scgi grpc memcached limit_conn limit_req empty_gif browser upstream_hash upstream_ip_hash "
           "upstream_least_conn upstream_random upstream_keepalive upstream_zone").split()

START = """#!/bin/sh
cat >nginx.conf <<END
daemon off;
worker_processes 2;
pid nginx.pid;
error_log error.log notice;
events {}
http {
  access_log access.log;
  client_body_temp_path body;
  server {
    listen $SERVER_HOST:$SERVER_PORT;
    root files;
  }
}
END
exec "$1" -p "$PWD/" -c nginx.conf -e stderr
"""


def configure(folder):
    return [folder / "configure", "--with-cc=gcc", "--with-cc-opt=--coverage -O0", "--with-ld-opt=--coverage",
            *(f"--without-http_{name}_module" for name in WITHOUT)]


def command(folder, data):
    """It takes its port from a file alone, and the port is chosen at each start."""
    (data / "start").write_text(START, encoding="utf-8")
    (data / "files").mkdir()
    (data / "files" / "hello").write_text("hello\n", encoding="utf-8")
    return ["sh", "-c", 'cd "$0" && exec sh ./start "$1"', data, folder / "objs" / "nginx"]


def written(killed):
    """What the stop says of the master and of all workers: two at first, two for each reload, and one for each
    that was killed. Workers of root's take another user's rights, and cannot write."""
    workers = 2 * (1 + RELOADS)
    could_not = f", could not write {workers}" if os.geteuid() == 0 else ""
    ours = 1 if os.geteuid() == 0 else 1 + workers
    rescued = killed + 1 + workers - ours
    return (f"coverage of {1 + workers + killed} processes: {ours} written, {rescued} rescued "
            f"(SIGKILL {killed}{could_not})")


def check(run):
    said = run.ctest()
    log = (run.data / "access.log").read_text(encoding="utf-8").splitlines()
    equal("lines of the access log", len(log), REQUESTS)
    equal("calls of the function that writes it", run.calls("ngx_http_log_module", "ngx_http_log_handler"), REQUESTS)
    reported = run.tracefile()["src/http/modules/ngx_http_log_module.c"]
    equal("the same in the report", REQUESTS in [line["count"] for line in reported], True)
    said.says(re.escape(written(KILLS)))
