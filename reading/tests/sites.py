"""Throw-away web sites on this machine, each with one way to answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """`/404` answers with that status, `/loop` leads to itself, `/far` elsewhere; `/nohead` knows GET alone."""

    seen: list[tuple[str, str, str | None]]

    def do_HEAD(self) -> None:
        type(self).seen.append((self.command, self.path, self.headers.get("Cookie")))
        status, place = 200, ""
        if self.path.strip("/").isdecimal():
            status = int(self.path.strip("/"))
        elif self.path == "/loop":
            status, place = 302, "/loop"
        elif self.path == "/moved":
            status, place = 301, "/200"
        elif self.path == "/far":
            status, place = 302, "file:///etc/passwd"
        elif self.path == "/long":
            status, place = 302, "/long" + "x"
        elif self.path.startswith("/long"):
            status, place = 302, self.path + "x"
        elif self.path == "/nohead" and self.command == "HEAD":
            status = 405
        self.send_response(status)
        if place:
            self.send_header("Location", place)
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the server looks for this name

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def site() -> Iterator[tuple[str, list[tuple[str, str, str | None]]]]:
    """Its address, and what it was asked: method, path, cookies."""
    kind = type("Seeing", (Handler,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kind.seen
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def strange(kind: str) -> Iterator[str]:
    """A site that speaks no HTTP (`other`), closes at once (`reset`), says nothing (`silent`) or one byte a tenth of a
    second (`drip`); the last two end after 20 seconds."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=[line], daemon=True).start()

    def speak(line: socket.socket) -> None:
        with line:
            if kind == "reset":
                return
            line.recv(4096)
            if kind == "other":
                line.sendall(b"220 ftp.example ready\r\n")
            if kind == "silent":
                over.wait(20)
            if kind == "drip":
                try:
                    line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                    for _ in range(200):
                        if over.wait(0.1):
                            return
                        line.sendall(b"a")
                    line.sendall(b"\r\n\r\n")
                except OSError:
                    return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        over.set()
        listening.close()


def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}/"
