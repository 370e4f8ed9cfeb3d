"""A real HTTP server on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .serving import Served, Server


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            shared.times.append(time.monotonic())
            shared.asked.append({"path": self.path, **json.loads(self.rfile.read(size))})
            shared.headers.append(dict(self.headers))
            served = shared.answers[min(len(shared.asked), len(shared.answers)) - 1]
            done.wait(served.wait)
            self.send_response(served.status)
            for name, value in {"Content-Length": str(len(served.body)), **served.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self._write(served)
            except OSError:  # the client has given up
                self.close_connection = True

        def _write(self, served: Served) -> None:
            if not served.drip:
                self.wfile.write(served.body)
            for at in range(len(served.body) if served.drip else 0):
                if done.wait(served.drip):
                    return
                self.wfile.write(served.body[at : at + 1])

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class has it
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that hangs up is no fault of the server."""

    done = threading.Event()
    with Quiet(("127.0.0.1", 0), Handler) as serving:
        shared = Server(f"http://127.0.0.1:{serving.server_port}")
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield shared
        done.set()
        serving.shutdown()
        thread.join()
