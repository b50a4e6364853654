#!/usr/bin/env python3
"""Serves the platform tests by their own server, wptserve, over plain HTTP and on 127.0.0.1 only.

    python3 server.py WPT_DIR PORT FOLDER

FOLDER holds our files: everysource.js is loaded first by every document and every worker of the eventsource tests,
report.js takes the place of testharnessreport.js, idl.js is the body of the document /everysource-idl.html. Prints "ready"
when it listens, and ends with its standard input.
"""
import ctypes
import json
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import threading
import time
import urllib.request

WPT, PORT, FOLDER = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
SCRIPT = "/everysource.js"
TAG = '<script src="%s"></script>' % SCRIPT
IMPORT = 'importScripts("%s");' % SCRIPT
HARNESS = ["/resources/testharness.js", "/resources/testharnessreport.js"]
IDL_SCRIPTS = ["/resources/WebIDLParser.js", "/resources/idlharness.js", "/idl.js"]

try:  # Linux: wptserve forks, and none of its processes may outlive this one.
    libc = ctypes.CDLL(None)
    os.register_at_fork(after_in_child=lambda: libc.prctl(1, signal.SIGKILL))
except (OSError, AttributeError):
    pass

sys.path.insert(0, os.path.join(WPT, "tools"))
import localpaths  # noqa: E402,F401
from serve import serve  # noqa: E402
from wptserve import handlers  # noqa: E402


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def fixed(content_type, body):
    """A handler that always answers the same."""
    @handlers.handler
    def handle(request, response):
        return [("Content-Type", content_type + ";charset=utf-8"), ("Cache-Control", "no-store")], body
    return handle


def tags(scripts):
    return "".join('<script src="%s"></script>' % script for script in scripts)


def own_routes():
    """Our own files, and the document about the interface in the scopes of a page and of a worker."""
    for name in ("everysource.js", "report.js", "idl.js"):
        path = "/resources/testharnessreport.js" if name == "report.js" else "/" + name
        yield path, fixed("text/javascript", read(os.path.join(FOLDER, name)))
    page = '<!doctype html><meta charset="utf-8">' + tags([*HARNESS, SCRIPT])
    imports = json.dumps([HARNESS[0], SCRIPT, *IDL_SCRIPTS])
    yield "/everysource-idl.html", fixed("text/html", page + tags(IDL_SCRIPTS))
    yield "/everysource-idl.worker.js", fixed("text/javascript", "importScripts(...%s); done();" % imports)
    worker = '<script>fetch_tests_from_worker(new Worker("/everysource-idl.worker.js"));</script>'
    yield "/everysource-idl.worker.html", fixed("text/html", page + worker)


@handlers.handler
def worker_script(request, response):
    body = read(handlers.filesystem_path(WPT, request, "/"))
    return [("Content-Type", "text/javascript;charset=utf-8")], IMPORT + body


@handlers.handler
def page(request, response):
    body = read(handlers.filesystem_path(WPT, request, "/"))
    found = re.search("<script", body, re.I)
    at = found.start() if found else len(body)
    return [("Content-Type", "text/html")], body[:at] + TAG + body[at:]


def written_documents():
    """The documents and worker scripts that wptserve does not generate from a template."""
    for folder, _, names in os.walk(os.path.join(WPT, "eventsource")):
        is_worker = os.path.basename(folder) in ("dedicated-worker", "shared-worker")
        for name in names:
            url = "/" + os.path.relpath(os.path.join(folder, name), WPT).replace(os.sep, "/")
            if name.endswith((".htm", ".html")):
                yield url, page
            elif is_worker and name.endswith(".js") and not name.endswith((".any.js", ".window.js")):
                yield url, worker_script


def build_routes(logger, aliases, config):
    builder = serve.get_route_builder(logger, aliases, config)
    serve.ClassicWorkerHandler.wrapper = IMPORT + serve.ClassicWorkerHandler.wrapper
    for template in (serve.WorkersHandler, serve.SharedWorkersHandler, serve.ServiceWorkersHandler,
                     serve.WindowHandler, serve.AnyHtmlHandler):
        template.wrapper = template.wrapper.replace("<script", TAG + "<script", 1)
    for url, handler in [*own_routes(), *written_documents()]:
        builder.add_handler("GET", url, handler)
    return builder


def announce():
    while True:
        try:
            urllib.request.urlopen("http://127.0.0.1:%d%s" % (PORT, SCRIPT)).close()
            print("ready", flush=True)
            return
        except OSError:
            time.sleep(0.1)


def main():
    off = ["https", "http-private", "http-public", "https-private", "https-public", "ws", "wss", "h2", "webtransport-h3"]
    config = {
        "server_host": "127.0.0.1",
        "bind_address": True,
        "check_subdomains": False,
        "ssl": {"type": "none"},
        "logging": {"level": "critical", "suppress_handler_traceback": True},
        "ports": {"http": [PORT, None], **{name: [None] for name in off}},
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(config, file)

    def stop(*_):
        os.unlink(file.name)
        for child in multiprocessing.active_children():
            child.kill()
        os._exit(0)

    def stop_with_input():
        while os.read(0, 4096):  # not sys.stdin, whose lock would hang a fork
            pass
        stop()

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=stop_with_input, daemon=True).start()
    threading.Thread(target=announce, daemon=True).start()
    serve.run(mp_context=multiprocessing.get_context("fork"), route_builder=build_routes, config_path=file.name,
              h2=False, inject_script=None)


if __name__ == "__main__":
    main()
