"""Where uploads lie: a folder that no address leads to, under names that say nothing."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

# Readable by this house alone; below MEDIA_ROOT, which is read when a file is opened.
STORAGE = FileSystemStorage(base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700)
LENGTH_BYTES = 8


def keep(content: bytes, extension: str) -> str:
    """Store the bytes under a random name and return the name."""
    name = secrets.token_hex(20)
    return STORAGE.save(f"evidence/{name[:2]}/{name}.{extension}", ContentFile(content))


def keep_stream(file: File, folder: str, extension: str) -> str:
    """Store a file that is too big to be held, under a random name in a folder of its own, and return the name."""
    name = secrets.token_hex(20)
    return STORAGE.save(f"{folder}/{name[:2]}/{name}.{extension}", file)


def keep_apart(contents: Iterable[bytes]) -> str:
    """Store files as they were received, one behind the other, where nothing opens them; return the name."""
    framed = b"".join(len(one).to_bytes(LENGTH_BYTES, "big") + one for one in contents)
    name = secrets.token_hex(20)
    return STORAGE.save(f"apart/{name[:2]}/{name}.bin", ContentFile(framed))


def kept_apart(stored_as: str) -> Iterator[bytes]:
    """Yield the files that lie apart under the name."""
    with STORAGE.open(stored_as) as stream:
        while head := stream.read(LENGTH_BYTES):
            yield stream.read(int.from_bytes(head, "big"))


def begin() -> str:
    """Make an empty file for what arrives in pieces, and return its name."""
    name = secrets.token_hex(20)
    return STORAGE.save(f"arriving/{name[:2]}/{name}.part", ContentFile(b""))


def write(stored_as: str, content: bytes, *, offset: int) -> None:
    """Write a piece at its place; whatever lay behind it is gone."""
    with open(STORAGE.path(stored_as), "r+b") as stream:
        stream.seek(offset)
        stream.truncate()
        stream.write(content)


def content_of(stored_as: str) -> bytes:
    """Return the whole file."""
    with STORAGE.open(stored_as) as stream:
        return bytes(stream.read())


def opened(stored_as: str) -> BinaryIO:
    """Return the file, open for reading."""
    return STORAGE.open(stored_as)


def kept_since(folder: str, *, before: datetime) -> Iterator[str]:
    """Yield the names of the files in a folder of ours that have lain there since before then."""
    if not STORAGE.exists(folder):
        return
    folders, names = STORAGE.listdir(folder)
    for name in names:
        path = f"{folder}/{name}"
        if STORAGE.get_modified_time(path) < before:
            yield path
    for inner in folders:
        yield from kept_since(f"{folder}/{inner}", before=before)


def discard(stored_as: str) -> None:
    """Remove the file; removing it again changes nothing."""
    STORAGE.delete(stored_as)
