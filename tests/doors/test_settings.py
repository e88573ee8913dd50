"""A production portal refuses to start with anything unsafe, and says all of it at once."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def start(root: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    reading = [sys.executable, "-c", "import portal.settings"]
    return subprocess.run(reading, cwd=root, env=environment, capture_output=True, text=True)


def test_a_sound_production_portal_starts(root, sound):
    assert start(root, sound).stderr == ""


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
def test_production_refuses_each_unsafe_setting(root, sound, name, value, sentence):
    unsafe = {key: word for key, word in {**sound, name: value}.items() if word is not None}

    ended = start(root, unsafe)

    assert ended.returncode == 1
    assert sentence in ended.stderr


def test_production_names_everything_that_is_unsafe_at_once(root, tmp_path):
    bare = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}

    ended = start(root, {**bare, "ENVIRONMENT": "production", "DEBUG": "true"})

    assert ended.stderr.count("\n- ") == 14


def test_each_address_in_the_clear_is_named_and_only_that_one(root, sound):
    ended = start(root, {**sound, "TREASURY_URL": "http://treasury.example.org"})

    assert ended.stderr.count("does not begin with https") == 1


def test_a_key_that_is_no_base64_is_named(root, sound):
    ended = start(root, {**sound, "FIELD_KEYS": "2026=§"})

    assert "FIELD_KEYS: each key is base64" in ended.stderr


def test_an_unknown_environment_is_refused_by_name(root):
    ended = start(root, {"PATH": os.environ["PATH"], "ENVIRONMENT": "staging"})

    assert "ENVIRONMENT" in ended.stderr
    assert "Must be one of: development, test, production" in ended.stderr


def test_a_secret_may_be_given_as_a_file(root, sound, tmp_path):
    (tmp_path / "secret-key").write_text("f" * 50)
    given = {key: word for key, word in sound.items() if key != "SECRET_KEY"}

    assert start(root, {**given, "SECRET_KEY_FILE": str(tmp_path / "secret-key")}).stderr == ""
