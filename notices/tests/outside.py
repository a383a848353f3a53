"""A server outside that takes messages, as apprise's `json://` sends them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Outside:
    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.status = 200
        self.on_message: Callable[[], None] = lambda: None
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outside.messages.append((self.path, body["message"]))
                outside.on_message()
                self.send_response(outside.status)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}"


@contextmanager
def outside() -> Iterator[Outside]:
    taker = Outside()
    thread = threading.Thread(target=taker.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield taker
    finally:
        taker.server.shutdown()
        taker.server.server_close()
        thread.join()
