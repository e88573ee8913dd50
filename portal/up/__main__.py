"""`make run`: brings everything up, demonstrates it once, serves until Ctrl-C, and leaves nothing running."""

import argparse
import fcntl
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from environs import FileAwareEnv

from portal import engines
from portal.up.crew import Crew, Failed
from portal.up.plan import HOME, INTERRUPTED, NOT_SEEN, Plan, portal_plan
from portal.up.stopping import Stopped, requests


def main(words: list[str]) -> int:
    """Read the options, bring the portal up and return the exit status."""
    options = _options(words)
    environment = FileAwareEnv()
    environment.read_env(str(HOME / ".env"), recurse=False)
    var_dir = Path(environment.str("VAR_DIR", str(HOME / "var"))).resolve()
    named = [name for name in ("DATABASE_URL", "REDIS_URL") if environment.str(name, "")]
    requests.listen()
    try:
        with _alone(var_dir), _engines(var_dir, named=named, again=options.again):
            return bring_up(portal_plan(port=options.port), var_dir=var_dir, once=options.once)
    except (Failed, engines.CannotRun) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except Stopped:
        print("\nStopped.")
        return 130 if options.once else 0


def bring_up(plan: Plan, *, var_dir: Path, once: bool) -> int:
    """Prepare, serve and demonstrate as planned; return the demonstration's exit status.

    :raises Failed: if a program fails, or one that serves ends by itself.
    """
    for address in (plan.site, plan.sandbox):
        _check_port(int(address.rpartition(":")[2]))
    with Crew(var_dir / "log", _environment(plan, var_dir)) as crew:
        for row in plan.preparations:
            with _told(f"Preparing: {', '.join(program.name for program in row)}"):
                crew.run(row)
        with _told(f"Starting: {', '.join(program.name for program in plan.servers)}"):
            crew.serve(plan.servers)
        status = _demonstrate(crew, plan)
        # Half a demonstration is no success, but what there is of it can be looked at.
        if once or status not in (0, INTERRUPTED):
            return 1 if status == INTERRUPTED else status
        _announce(crew, plan)
        while True:
            crew.check()
            time.sleep(0.5)


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m portal.up", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8000, help="where the site answers; the sandbox takes the next"
    )
    parser.add_argument(
        "--once", action="store_true", help="end after the demonstration, with its exit status"
    )
    parser.add_argument("--again", action="store_true", help="begin with an empty database")
    options = parser.parse_args(words)
    if not 1024 <= options.port < 65535:
        parser.error("--port must lie between 1024 and 65534.")
    return options


@contextmanager
def _alone(var_dir: Path) -> Iterator[None]:
    """Let one portal run on a folder."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with open(var_dir / "run.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"A portal already runs on {var_dir}: stop it first.") from None
        yield


@contextmanager
def _engines(var_dir: Path, *, named: Sequence[str], again: bool) -> Iterator[None]:
    """Run the embedded engines for as long as the portal runs, unless the addresses of both servers are named.

    Servers of others are left alone. Where one only is named, wiping ours would keep half of what is to be empty.
    """
    if again and named:
        raise Failed(
            f"AGAIN=1 wipes embedded engines only, and {' and '.join(named)} names your own: empty it yourself."
        )
    if len(named) == 2:
        yield
        return
    try:
        with requests.held_back(), _told("Starting: PostgreSQL, Valkey"):
            if again:
                engines.wipe(var_dir)
                shutil.rmtree(var_dir / "uploads", ignore_errors=True)
            engines.start(var_dir)
        yield
    finally:
        with requests.held_back():
            engines.stop(var_dir)


def _environment(plan: Plan, var_dir: Path) -> dict[str, str]:
    """Return the environment of all programs: what both sides, portal and sandbox, must agree on."""
    return {
        "SITE_URL": plan.site,
        "REGISTRY_URL": plan.sandbox,
        "PORTAL_URL": plan.site,
        "SANDBOX_URL": plan.sandbox,
        "DEMONSTRATION": "true",
        **os.environ,
        "VAR_DIR": str(var_dir),
        "PYTHONUNBUFFERED": "1",
    }


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Failed(f"Port {port} is taken by another program: choose another one with PORT=…") from None


def _demonstrate(crew: Crew, plan: Plan) -> int:
    """Show the stored table, or run the demonstration where the database has not seen it yet."""
    status = crew.call((*plan.demonstration, "--stored"))
    return crew.call(plan.demonstration) if status == NOT_SEEN else status


def _announce(crew: Crew, plan: Plan) -> None:
    print(
        f"\nThe portal     {plan.site}\nThe desk       {plan.site}/desk\nREST           {plan.site}/api/docs"
    )
    print(f"The sandbox    {plan.sandbox}\n", flush=True)
    crew.call((*plan.demonstration, "--accounts"))
    print("\nCtrl-C stops everything.", flush=True)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"{what} …", end=" ", flush=True)
    begun = time.monotonic()
    yield
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
