"""The document on checking without a network holds: its own script, run alone, on a certificate of ours."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doors.the_api import Api
from tests.services.a_paper import code_in

# Whatever tries to reach a network fails at once.
ALONE = """import socket
def nobody(*_, **__): raise OSError("no network")
socket.socket.connect = socket.getaddrinfo = nobody
"""


@pytest.fixture
def script(root, tmp_path) -> Path:
    """The script as the document has it, with nothing but the two libraries it names."""
    text = (root / "docs" / "how-to" / "verify-offline.md").read_text(encoding="utf-8")
    [source] = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(source.strip().splitlines()) <= 16
    assert set(re.findall(r"^import (\w+)", source, re.M)) == {"json", "sys", "jwt"}
    (tmp_path / "check.py").write_text(ALONE + source, encoding="utf-8")
    return tmp_path / "check.py"


def run(script: Path, keys: bytes, text: str) -> subprocess.CompletedProcess[str]:
    (script.parent / "seal-keys.json").write_bytes(keys)
    command = [sys.executable, "-I", str(script), str(script.parent / "seal-keys.json"), text]
    return subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)


def test_the_documents_script_checks_a_certificate_alone(script, paper, certificate):
    keys, code = Api().get("/seal-keys").content, code_in(paper)

    scanned = run(script, keys, f"https://portal.example.org/verify/code/{code}")

    assert json.loads(scanned.stdout)["number"] == certificate.number
    assert set(json.loads(scanned.stdout)) == {
        "number", "version", "type", "office", "issued", "until", "digest", "place",
    }  # fmt: skip


@pytest.mark.parametrize("spoil", ["signature", "content", "keys", "nonsense"])
def test_and_refuses_what_is_not_one(script, paper, spoil):
    keys, code = Api().get("/seal-keys").content, code_in(paper)
    head, content, signature = code.split(".")
    texts = {
        "signature": f"{head}.{content}.{signature[::-1]}",
        "content": f"{head}.{content[:-6]}AAAAAA.{signature}",
        "keys": code,
        "nonsense": "hello",
    }
    ended = run(script, b'{"keys": []}' if spoil == "keys" else keys, texts[spoil])

    assert ended.returncode == 1
    assert ended.stderr.startswith("not genuine")
