"""A line to the server that breaks: every upload is cut off when a share of it has passed, until it is mended."""

import re
import socket
import threading
from contextlib import suppress


class CutLine:
    """Listens on a port of its own and hands everything on to the server, but for the end of uploads."""

    def __init__(self, port: int, share: float) -> None:
        self.target = ("localhost", port)
        self.share = share
        self.is_mended = False
        self.cuts: list[tuple[int, int]] = []  # bytes that had passed, bytes that were announced
        self.open: set[socket.socket] = set()
        self.threads: list[threading.Thread] = []
        self.listener = socket.create_server(("localhost", 0))
        self.port = self.listener.getsockname()[1]
        self.start(self.accept)

    def start(self, work, *arguments) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()
        return thread

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.start(self.join, client)

    def join(self, client: socket.socket) -> None:
        with client, socket.create_connection(self.target) as server:
            ends = {client, server}
            self.open |= ends
            downward = self.start(self.pump, server, client)
            self.pump(client, server, is_upward=True)
            downward.join()
            self.open -= ends

    def pump(self, source: socket.socket, drain: socket.socket, is_upward: bool = False) -> None:
        passed = announced = 0
        with suppress(OSError):
            while data := source.recv(4096):
                if is_upward and data.startswith(b"POST /works/") and not self.is_mended:
                    announced = int(re.search(rb"Content-Length: (\d+)", data, re.IGNORECASE)[1])
                    passed = 0
                passed += len(data)
                if announced and passed >= announced * self.share:
                    self.cuts.append((passed, announced))
                    break
                drain.sendall(data)
        shut(source, drain)

    def close(self) -> None:
        # Closing alone does not wake whoever waits in accept().
        shut(self.listener, *self.open)
        self.listener.close()
        for thread in list(self.threads):
            thread.join(5)


def shut(*ends: socket.socket) -> None:
    for each in ends:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
