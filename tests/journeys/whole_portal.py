"""The real thing for journeys: all that `make run` starts, on a database of its own."""

import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from portal.up.crew import Crew
from portal.up.plan import HOME, Program, portal_plan

FIRST_PORT, LAST_PORT = 20000, 32000  # above are the ports that Linux lends to connections
FIRST_DAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal that runs: where it answers, what an operator can do with it, and who and what was seen there."""

    site: str
    sandbox: str
    crew: Crew
    met: set[str] = field(default_factory=set)
    looked_over: set[tuple[str, ...]] = field(default_factory=set)

    def move_clock(self, *, days: int) -> date:
        """Move the legal clock ahead, as an operator does, and return the legal day."""
        return date.fromisoformat(self.operator("move_clock", str(days)).split()[-1])

    def operator(self, *words: str) -> str:
        """Run a command of manage.py to its end, as an operator does, and return what it says."""
        command = _command(*words)
        self.crew.run([command])
        return (self.crew.log_dir / f"{command.name}.log").read_text()

    def somebody(self, **wish: str) -> dict[str, object]:
        """Return a made-up person of the sandbox, each time another one, who has certain records: need="id-card"."""
        found = self._world({"kind": "person", "n": str(len(self.met) + 1), **wish})
        stranger = next(one for one in found if one["username"] not in self.met)
        self.met.add(stranger["username"])
        return stranger

    def a_company(self) -> dict[str, object]:
        """Return a made-up business that stands in the register."""
        return self.companies(1)[0]

    def companies(self, count: int) -> list[dict[str, object]]:
        """Return so many made-up businesses that stand in the register, each with who represents it."""
        return self._world({"kind": "business", "n": str(count)})

    def _world(self, asked: Mapping[str, str]) -> list[dict[str, object]]:
        token = {"Authorization": "Bearer sandbox-token"}
        answer = httpx.get(f"{self.sandbox}/control/world", params=asked, headers=token, timeout=30)
        return answer.raise_for_status().json()["items"]


@contextmanager
def whole_portal(*, database_url: str, redis_url: str, var_dir: Path) -> Iterator[Portal]:
    """Bring everything up on an empty database; stop everything and drop the database, whatever happens."""
    port = _two_free_ports()
    plan = portal_plan(port=port)
    shared = {
        "SITE_URL": plan.site,
        "REGISTRY_URL": plan.sandbox,
        "PORTAL_URL": plan.site,
        "SANDBOX_URL": plan.sandbox,
        "DEMONSTRATION": "true",
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }
    with _empty_database(database_url), Crew(var_dir / "log", _environment(shared)) as crew:
        for row in plan.preparations:
            crew.run(row)
        crew.run([_command("move_clock", "--start", FIRST_DAY.isoformat())])
        crew.serve(plan.servers)
        yield Portal(plan.site, plan.sandbox, crew)


def _environment(shared: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a portal that knows nothing of being tested."""
    as_usual = {
        "ENVIRONMENT": "development",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **as_usual, **shared}


def _command(*words: str) -> Program:
    return Program(words[0], (sys.executable, str(HOME / "manage.py"), *words))


@contextmanager
def _empty_database(address: str) -> Iterator[None]:
    """Provide a database of this name without anything in it, and drop it in the end."""
    name = sql.Identifier(urlsplit(address).path.removeprefix("/"))
    beside = urlsplit(address)._replace(path="/postgres").geturl()
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield
        connection.execute(drop)


def _two_free_ports() -> int:
    """Return the first of two neighbouring ports that nobody uses."""
    start = FIRST_PORT + os.getpid() * 2 % (LAST_PORT - FIRST_PORT)  # so that two runs do not choose alike
    return next(port for port in range(start, LAST_PORT + 1000) if _is_free(port) and _is_free(port + 1))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
