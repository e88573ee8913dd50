"""The programs at work: started in groups of their own, watched, and stopped together whatever happens."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.up.plan import HOME, Program
from portal.up.stopping import requests

STOP_SECONDS = 25
ANSWER_SECONDS = 90
LINES_SHOWN = 20
PR_SET_PDEATHSIG = 1


class Failed(RuntimeError):
    """A program ended when it should not have, or did not begin; the message shows the end of its log."""


class Crew:
    """All programs that were started; leaving the `with` block stops every one of them."""

    def __init__(
        self, log_dir: Path, environment: dict[str, str], *, stop_seconds: float = STOP_SECONDS
    ) -> None:
        self.log_dir = log_dir
        self.stop_seconds = stop_seconds
        self.environment = environment
        self.at_work: dict[Program, subprocess.Popen[bytes]] = {}
        log_dir.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        with requests.held_back():
            self.stop()

    def run(self, programs: Iterable[Program]) -> None:
        """Run these programs to their end, all at once.

        :raises Failed: if one of them does not succeed.
        """
        started = [(program, self._start(program)) for program in programs]
        for program, process in started:
            if process.wait():
                raise self._failure(program, f"ended with status {process.returncode}")
            del self.at_work[program]

    def serve(self, programs: Iterable[Program]) -> None:
        """Start these programs and return when all of them answer.

        :raises Failed: if one ends, or does not answer in time.
        """
        programs = tuple(programs)
        for program in programs:
            self._start(program)
        end = time.monotonic() + ANSWER_SECONDS
        for program in programs:
            while program.answers_at and not _answers(program.answers_at):
                self.check()
                if time.monotonic() > end:
                    raise self._failure(program, f"did not answer at {program.answers_at}")
                time.sleep(0.1)

    def check(self, *, may_end: Program | None = None) -> None:
        """Do nothing if everything that was started still works.

        :raises Failed: otherwise.
        """
        for program, process in self.at_work.items():
            if program != may_end and process.poll() is not None:
                raise self._failure(program, f"ended by itself with status {process.returncode}")

    def call(self, command: tuple[str, ...]) -> int:
        """Run a command in this terminal, while the others work, and return its exit status.

        :raises Failed: if one of the others ends meanwhile.
        """
        called = Program("called", command)
        with requests.held_back():
            process = self.at_work[called] = self._popen(command, None)
        while process.poll() is None:
            self.check(may_end=called)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
        del self.at_work[called]
        return process.returncode

    def stop(self) -> None:
        """Ask all to end, the last started first, and kill what has not ended in time."""
        for process in reversed(self.at_work.values()):
            _send(process, signal.SIGTERM)
        end = time.monotonic() + self.stop_seconds
        for process in self.at_work.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, end - time.monotonic()))
            _send(process, signal.SIGKILL)  # also what a program left behind in its group
            process.wait()
        self.at_work.clear()

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        with requests.held_back():
            process = self.at_work[program] = self._popen(program.command, self._log(program))
        return process

    def _popen(self, command: tuple[str, ...], log: Path | None) -> subprocess.Popen[bytes]:
        output = open(log, "wb") if log else None  # noqa: SIM115 - closed below, once the child has it
        try:
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=HOME,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        finally:
            if output:
                output.close()

    def _log(self, program: Program) -> Path:
        return self.log_dir / f"{program.name}.log"

    def _failure(self, program: Program, what: str) -> Failed:
        log = self._log(program)
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:] if log.exists() else []
        return Failed(
            "\n".join([f"{program.name} {what}. The end of {log}:", *(f"  {line}" for line in lines)])
        )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - an address of our own plan
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _send(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, what)


def _end_with_parent() -> None:
    """Let Linux end this program when the one that started it is killed and can stop nothing any more."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
