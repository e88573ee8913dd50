"""A scanner on a real socket that speaks clamd's protocol: it finds EICAR, as every scanner does."""

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The test file of the European Institute for Computer Antivirus Research, in two halves: whole it would alarm scanners.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = b"stream: Eicar-Test-Signature FOUND\n"


class Scanner(socketserver.StreamRequestHandler):
    """Reads one stream and says what is in it."""

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.seen.append(content)
        self.wfile.write(FOUND if EICAR in content else b"stream: OK\n")


class Server(socketserver.ThreadingUnixStreamServer):
    """Remembers what it was shown."""

    daemon_threads = True

    def __init__(self, path: str) -> None:
        self.seen: list[bytes] = []
        super().__init__(path, Scanner)


@contextmanager
def scanning(path: str) -> Iterator[Server]:
    """Answer at the socket until left."""
    with Server(path) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def babbling(path: str) -> Iterator[None]:
    """A socket at which somebody answers, but not as clamd does."""

    class Babbler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.wfile.write(b"500 no such thing\n")

    with socketserver.ThreadingUnixStreamServer(path, Babbler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
