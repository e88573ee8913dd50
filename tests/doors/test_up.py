"""Bringing everything up: prepared in order, watched, and nothing left running, whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.up.__main__ import bring_up
from portal.up.crew import Crew, Failed
from portal.up.plan import INTERRUPTED, NOT_SEEN, Plan, Program, portal_plan

SERVES_FOR_EVER = "import signal; print('at work', flush=True); signal.pause()"
OBEYS_NOBODY = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SERVES_FOR_EVER
WEB_SERVER = (
    "import http.server as s; s.HTTPServer(('127.0.0.1', {port}), s.SimpleHTTPRequestHandler).serve_forever()"
)


def program(name: str, code: str, answers_at: str = "") -> Program:
    return Program(name, (sys.executable, "-c", code), answers_at)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """A plan around one web server and the demonstration a test wants."""

    def around(demonstration: str, *more: Program) -> Plan:
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        web = program("web", WEB_SERVER.format(port=port), site)
        told = (sys.executable, "-c", demonstration)
        return Plan(
            ((program("prepare", "print('ready')"),),), (web, *more), told, site, f"http://x:{free_port()}"
        )

    return around


def test_the_demonstration_runs_where_the_database_has_not_seen_it(plan, tmp_path):
    seen = f"import sys; sys.exit({NOT_SEEN} if '--stored' in sys.argv else 0)"

    assert bring_up(plan(seen), var_dir=tmp_path, once=True) == 0


def test_a_stored_demonstration_is_shown_and_not_repeated(plan, tmp_path):
    stored = "import sys; sys.exit(0 if '--stored' in sys.argv else 9)"

    assert bring_up(plan(stored), var_dir=tmp_path, once=True) == 0


def test_the_exit_status_of_the_demonstration_is_passed_on(plan, tmp_path):
    failing = f"import sys; sys.exit({NOT_SEEN} if '--stored' in sys.argv else 7)"

    assert bring_up(plan(failing), var_dir=tmp_path, once=True) == 7


def test_an_interrupted_demonstration_is_not_repeated_and_no_success(plan, tmp_path):
    interrupted = f"import sys; sys.exit({INTERRUPTED} if '--stored' in sys.argv else 9)"

    assert bring_up(plan(interrupted), var_dir=tmp_path, once=True) == 1


def test_what_there_is_of_an_interrupted_demonstration_is_served(plan, tmp_path):
    interrupted = f"import sys; sys.exit({INTERRUPTED} if '--stored' in sys.argv else 0)"
    ending = program("worker", "import time; time.sleep(2)")

    with pytest.raises(
        Failed, match="worker ended by itself"
    ):  # so it was still watched: nothing had returned
        bring_up(plan(interrupted, ending), var_dir=tmp_path, once=False)


def test_a_failed_preparation_shows_the_end_of_its_log(tmp_path):
    broken = program("migrate", "raise SystemExit('the table is in the way')")

    with (
        pytest.raises(Failed, match=r"migrate ended with status 1.*\n.*the table is in the way"),
        Crew(tmp_path, dict(os.environ)) as crew,
    ):
        crew.run([program("fine", "pass"), broken])


def test_a_server_that_crashes_during_the_demonstration_ends_everything(plan, tmp_path):
    endless = f"import sys, signal; sys.exit({NOT_SEEN}) if '--stored' in sys.argv else signal.pause()"
    crashing = program("worker", "import time; time.sleep(1); raise SystemExit('no more memory')")

    with pytest.raises(Failed, match=r"worker ended by itself with status 1.*\n.*no more memory"):
        bring_up(plan(endless, crashing), var_dir=tmp_path, once=True)


def test_leaving_stops_every_program_also_one_that_does_not_listen(tmp_path):
    with Crew(tmp_path, dict(os.environ), stop_seconds=1) as crew:
        crew.serve([program("one", SERVES_FOR_EVER), program("two", OBEYS_NOBODY)])
        pids = [process.pid for process in crew.at_work.values()]

        assert [is_alive(pid) for pid in pids] == [True, True]

    assert [is_alive(pid) for pid in pids] == [False, False]


def test_a_taken_port_is_named(plan, tmp_path):
    chosen = plan("pass")
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(chosen.site.rpartition(":")[2])))
        other.listen()

        with pytest.raises(
            Failed, match=r"Port \d+ is taken by another program: choose another one with PORT="
        ):
            bring_up(chosen, var_dir=tmp_path, once=True)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_stops_engines_and_all(root, tmp_path, asked):
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}
    command = [sys.executable, "-m", "portal.up", "--port", str(free_port())]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as up:
        begun = up.stdout.read(len("Starting: PostgreSQL"))
        up.send_signal(asked)
        rest, _ = up.communicate()

    assert begun == "Starting: PostgreSQL"
    assert rest.endswith("Stopped.\n")
    assert up.returncode == 0
    assert not (tmp_path / "engines" / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize("named", ["DATABASE_URL", "REDIS_URL"])
def test_beginning_again_is_refused_where_a_server_of_others_is_named(root, tmp_path, named):
    kept = tmp_path / "engines" / "kept"
    kept.mkdir(parents=True)
    address = {"DATABASE_URL": "", "REDIS_URL": "", named: "scheme://somewhere"}
    environment = {**os.environ, **address, "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "portal.up", "--again", "--port", str(free_port())]
    ended = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)

    assert ended.returncode == 1
    assert f"AGAIN=1 wipes embedded engines only, and {named} names your own" in ended.stderr
    assert kept.exists()


def test_one_portal_runs_on_a_folder(root, tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "portal.up", "--port", str(free_port())]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as first:
        first.stdout.read(len("Starting"))
        second = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
        first.terminate()
        first.communicate()

    assert second.returncode == 1
    assert "A portal already runs on" in second.stderr


def test_the_plan_of_the_portal_serves_web_workers_beat_and_sandbox_side_by_side():
    chosen = portal_plan(port=8100)

    assert [server.name for server in chosen.servers] == ["sandbox", "web", "worker", "beat", "sweeper"]
    assert (chosen.site, chosen.sandbox) == ("http://localhost:8100", "http://localhost:8101")
