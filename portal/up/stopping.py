"""Requests to end, by Ctrl-C or a signal: obeyed at once, or right after what must not be cut in two."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Stopped(BaseException):
    """Somebody asked us to end. No error, so that nothing that catches errors keeps us running."""


class Requests:
    """The requests to end that reach this process; the first is obeyed, the others change nothing."""

    def __init__(self) -> None:
        self.heard = self.obeyed = False
        self.held = 0

    def listen(self) -> None:
        """Begin to hear requests; until then they have their usual effect."""
        for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(request, self._hear)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let the block end before a request is obeyed: nothing is started unseen, or stopped by half."""
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1
            self._obey()

    def _hear(self, *_: object) -> None:
        self.heard = True
        self._obey()

    def _obey(self) -> None:
        if self.heard and not self.held and not self.obeyed:
            self.obeyed = True
            raise Stopped


requests = Requests()
