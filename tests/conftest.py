"""What all tests stand on: real engines, started when a test needs them, and a browser where there is one."""

import fcntl
import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import hypothesis
import pytest
import pytest_django
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from portal import engines
from tests.emptying import emptied_by_the_owner  # noqa: F401 - a fixture for every test
from tests.template import provide_template

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
JOURNEYS = "tests/journeys/"
RUN_LOCK = pytest.StashKey[TextIO]()

# What tests make is mostly gone with its last name: looking for rings of it is worth its time only now and then.
gc.set_threshold(50_000, 20, 50)

# No test depends on how fast the machine is.
hypothesis.settings.register_profile("portal", deadline=None, print_blob=True)
hypothesis.settings.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    """Note that a run is under way, once a run and not once a worker."""
    if not hasattr(config, "workerinput"):
        lock = config.stash[RUN_LOCK] = open(settings.VAR_DIR / "runs.lock", "w")  # noqa: SIM115
        fcntl.flock(lock, fcntl.LOCK_SH)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the engines when no other run uses them."""
    if lock := config.stash.get(RUN_LOCK, None):
        with lock, suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if settings.EMBEDDED:
                engines.stop(settings.VAR_DIR)


class JourneysTogether(LoadScopeScheduling):
    """Every test goes wherever there is room, but all journeys to one worker: it brings the portal up once."""

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> JourneysTogether:
    """Hand out the tests of a run with several workers."""
    return JourneysTogether(config, log)


@pytest.fixture(scope="session")
def running_engines() -> None:
    """Run PostgreSQL and Valkey; whoever comes first starts them."""
    if settings.EMBEDDED:
        engines.start(settings.VAR_DIR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    running_engines: None,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> None:
    """Start the engines before the first database is created, and give each worker its own, copied from the template.

    On a server of others nothing is left behind: there each worker runs the migrations.
    """
    if settings.EMBEDDED:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = provide_template()


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser journey where no Chromium is found; fail it where one is required."""
    if item.get_closest_marker("browser") and _chromium() is None:
        reason = "No Chromium was found: install one, or name it in CHROMIUM."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Open the browser all journeys of a module share; each journey makes its own context."""
    # The browser's event loop runs in this thread until the module ends: Django would take its tests for
    # asynchronous code, and other tests could not run a loop of their own.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        # In a plain C locale a Chromium breaks off every download whose name is not in plain letters.
        unicode_names = {**os.environ, "LC_ALL": "C.UTF-8"}
        browser = playwright.chromium.launch(executable_path=_chromium(), args=arguments, env=unicode_names)
        yield browser
        browser.close()


@pytest.fixture
def root() -> Path:
    """Return the folder of the whole project."""
    return settings.BASE_DIR
