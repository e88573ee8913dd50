"""What is started, in which order: a table, so that what runs can be read in one place."""

import sys
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
QUEUES = "route,evidence,clock,deliver"
# `python -m portal.demonstration --stored` ends so when this database has not seen the demonstration, or half of it.
NOT_SEEN, INTERRUPTED = 3, 4

DEMONSTRATION = (sys.executable, "-m", "portal.demonstration")


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the portal; its output goes to var/log/<name>.log."""

    name: str
    command: tuple[str, ...]
    # A server is up when this address answers 200; without one it is up when it runs.
    answers_at: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What runs to its end first (each row at once, one row after another), and what then serves."""

    preparations: tuple[tuple[Program, ...], ...]
    servers: tuple[Program, ...]
    demonstration: tuple[str, ...]
    site: str
    sandbox: str


def portal_plan(*, port: int) -> Plan:
    """Return the plan of the whole portal: the site at this port, the sandbox at the next."""
    site, sandbox = f"http://localhost:{port}", f"http://localhost:{port + 1}"
    return Plan(
        preparations=(
            (
                Program("database", _manage("prepare")),
                Program("static-files", _manage("collectstatic", "--noinput", "--verbosity=0")),
                Program("sandbox-setup", (sys.executable, "-m", "portal.sandbox.setup")),
            ),
        ),
        servers=(
            Program("sandbox", _web("portal.sandbox.wsgi", port + 1, processes=1), f"{sandbox}/health"),
            Program("web", _web("portal.wsgi", port, processes=2), f"{site}/readyz"),
            Program(
                "worker", _celery("worker", f"--queues={QUEUES}", "--without-gossip", "--without-mingle")
            ),
            Program("beat", _celery("beat")),
            Program("sweeper", _manage("sweep")),
        ),
        demonstration=DEMONSTRATION,
        site=site,
        sandbox=sandbox,
    )


def _manage(*words: str) -> tuple[str, ...]:
    return (sys.executable, str(HOME / "manage.py"), *words)


def _web(application: str, port: int, *, processes: int) -> tuple[str, ...]:
    serving = ("--worker-class=gthread", f"--workers={processes}", "--threads=6", "--timeout=60")
    return (
        sys.executable, "-m", "gunicorn", f"{application}:application", f"--bind=127.0.0.1:{port}", *serving
    )  # fmt: skip


def _celery(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--app=portal", *words, "--loglevel=INFO")
