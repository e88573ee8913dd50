"""A production portal refuses to start with anything unsafe, and says all of it at once."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

import pytest
from django.conf import settings

SOUND = {
    "PATH": os.environ["PATH"],
    "ENVIRONMENT": "production",
    "SITE_URL": "https://portal.example.org",
    "DATABASE_URL": "postgresql://onevisit:password@db.example.org/onevisit",
    "REDIS_URL": "redis://valkey.example.org:6379/0",
    "SECRET_KEY": "s" * 50,
    "FIELD_KEYS": "2026=" + base64.b64encode(bytes(32)).decode(),
    "FIELD_INDEX_KEY": "i" * 50,
    "REGISTRY_URL": "https://registries.example.org",
    "TREASURY_URL": "https://treasury.example.org",
    "OIDC_ISSUER": "https://identity.example.org",
    "REGISTRY_TOKEN": "a word of the registries",
    "TREASURY_SECRET": "whsec_" + base64.b64encode(bytes(24)).decode(),
    "OIDC_CLIENT_SECRET": "a word of the identity provider",
}


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a production portal that may start."""
    for name in ("seal.pem", "seal.crt"):
        (tmp_path / name).write_text("a key, and what vouches for it")
    return {**SOUND, "SEAL_KEY_FILE": str(tmp_path / "seal.pem")}


# One Python for all of them, which knows what others wrote and nothing of ours; each start is a child of it.
READER = """
import json, os, sys, traceback
import dj_database_url, django.conf, environs, httpx, jwt, psycopg, redis, structlog
for line in sys.stdin:
    child = os.fork()
    if not child:
        asked = json.loads(line)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.dup2(os.open(asked["stderr"], os.O_WRONLY | os.O_CREAT), 2)
        try:
            import portal.settings
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """How a start ended: its exit status, and what it said."""

    returncode: int
    stderr: str


@pytest.fixture(scope="module")
def starts() -> Iterator[subprocess.Popen[str]]:
    """Keep the Python that starts others for all tests of this file."""
    reading = [sys.executable, "-c", READER]
    with subprocess.Popen(reading, cwd=settings.BASE_DIR, stdin=PIPE, stdout=PIPE, text=True) as running:
        yield running
        running.stdin.close()


@pytest.fixture
def start(starts: subprocess.Popen[str], tmp_path: Path) -> Callable[[dict[str, str]], Ended]:
    """Read the settings in an environment that has nothing else in it."""

    def in_this(environment: dict[str, str]) -> Ended:
        said = tmp_path / "stderr"
        said.unlink(missing_ok=True)
        starts.stdin.write(json.dumps({"environment": environment, "stderr": str(said)}) + "\n")
        starts.stdin.flush()
        return Ended(int(starts.stdout.readline()), said.read_text())

    return in_this


def test_a_sound_production_portal_starts(start, sound):
    assert start(sound).stderr == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "", "embedded engines are not for production"),
        ("REDIS_URL", "", "embedded engines are not for production"),
        ("SECRET_KEY", "", "SECRET_KEY needs 50 characters of its own"),
        ("SECRET_KEY", "short", "SECRET_KEY needs 50 characters of its own"),
        ("FIELD_INDEX_KEY", "", "FIELD_INDEX_KEY needs 50 characters of its own"),
        ("FIELD_KEYS", "", "FIELD_KEYS needs keys of 32 bytes"),
        ("FIELD_KEYS", "2026=c2hvcnQ=", "FIELD_KEYS needs keys of 32 bytes"),
        ("SEAL_KEY_FILE", "/no/such/file", "SEAL_KEY_FILE names no file"),
        ("SEAL_CERTIFICATE_FILE", "/no/such/file", "SEAL_CERTIFICATE_FILE names no file"),
        ("DEBUG", "true", "DEBUG shows the inside"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS names every host"),
        ("SITE_URL", "http://portal.example.org", "SITE_URL does not begin with https"),
        ("SITE_URL", "https:///nowhere", "SITE_URL does not begin with https"),
        ("REGISTRY_URL", "http://registries.example.org", "REGISTRY_URL does not begin with https"),
        ("REGISTRY_URL", "http://localhost:8001", "REGISTRY_URL does not begin with https"),
        ("TREASURY_URL", "http://treasury.example.org", "TREASURY_URL does not begin with https"),
        ("TREASURY_URL", "http://127.0.0.1:8001", "TREASURY_URL does not begin with https"),
        ("OIDC_ISSUER", "http://identity.example.org", "OIDC_ISSUER does not begin with https"),
        ("OIDC_ISSUER", "http://[::1]:8001", "OIDC_ISSUER does not begin with https"),
        ("ALLOW_CLOCK_SHIFT", "true", "move legal time"),
        ("REGISTRY_TOKEN", "sandbox-token", "REGISTRY_TOKEN is the sandbox's"),
        ("OIDC_CLIENT_SECRET", "portal-secret", "OIDC_CLIENT_SECRET is the sandbox's"),
        ("TREASURY_SECRET", None, "TREASURY_SECRET is the sandbox's"),
    ],
)
def test_production_refuses_each_unsafe_setting(start, sound, name, value, sentence):
    unsafe = {key: word for key, word in {**sound, name: value}.items() if word is not None}

    ended = start(unsafe)

    assert ended.returncode == 1
    assert sentence in ended.stderr


def test_production_names_everything_that_is_unsafe_at_once(start, tmp_path):
    bare = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}

    ended = start({**bare, "ENVIRONMENT": "production", "DEBUG": "true"})

    assert ended.stderr.count("\n- ") == 14


def test_each_address_in_the_clear_is_named_and_only_that_one(start, sound):
    ended = start({**sound, "TREASURY_URL": "http://treasury.example.org"})

    assert ended.stderr.count("does not begin with https") == 1


def test_a_key_that_is_no_base64_is_named(start, sound):
    ended = start({**sound, "FIELD_KEYS": "2026=§"})

    assert "FIELD_KEYS: each key is base64" in ended.stderr


def test_an_unknown_environment_is_refused_by_name(start):
    ended = start({"PATH": os.environ["PATH"], "ENVIRONMENT": "staging"})

    assert "ENVIRONMENT" in ended.stderr
    assert "Must be one of: development, test, production" in ended.stderr


def test_a_secret_may_be_given_as_a_file(start, sound, tmp_path):
    (tmp_path / "secret-key").write_text("f" * 50)
    given = {key: word for key, word in sound.items() if key != "SECRET_KEY"}

    assert start({**given, "SECRET_KEY_FILE": str(tmp_path / "secret-key")}).stderr == ""
