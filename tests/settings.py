"""The portal's settings on engines of the tests' own: tests run beside `make run`, and beside each other.

Each run of the tests takes a numbered place: databases of its own in PostgreSQL and in Valkey. All runs share
the engines under var/test; the last to leave stops them (tests/conftest.py).
"""

import fcntl
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACES = 12
WORKERS_A_PLACE = 5

os.environ["ENVIRONMENT"] = "test"
os.environ.setdefault("VAR_DIR", str(HERE.parent / "var" / "test"))

# Where Python is told to leave no compiled code beside ours, it goes under var/: the many programs that tests start
# would each compile the whole portal anew.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(Path(os.environ["VAR_DIR"]) / "compiled")
    sys.dont_write_bytecode = False


def _take_place(folder: Path) -> int:
    """Return the number of our place; a lock keeps it ours until this process ends."""
    if taken := os.environ.get("TEST_PLACE"):  # a worker, or a command under test, of a run that has one
        return int(taken)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(PLACES):
        lock = os.open(folder / f"place-{number}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return number
    raise RuntimeError(f"{PLACES} runs of the tests are under way on {folder}.")


PLACE = _take_place(Path(os.environ["VAR_DIR"]))
os.environ["TEST_PLACE"] = str(PLACE)
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

from portal.settings import *  # noqa: E402, F403 - the environment above must stand before they are read
from portal.settings import CACHES, CELERY_BROKER_URL, DATABASES, EMBEDDED, REDIS_URL  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_onevisit_{PLACE}"}
if EMBEDDED:
    _number = PLACE * WORKERS_A_PLACE + WORKER % WORKERS_A_PLACE
    REDIS_URL = REDIS_URL.replace("?db=0", f"?db={_number}")
    CELERY_BROKER_URL = CELERY_BROKER_URL.replace("?virtual_host=0", f"?virtual_host={_number}")
    CACHES["default"]["LOCATION"] = REDIS_URL
