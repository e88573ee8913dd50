"""Where uploads lie: a folder that no address leads to, under names that say nothing."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

# Readable by this house alone; below MEDIA_ROOT, which is read when a file is opened.
STORAGE = FileSystemStorage(base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700)


def keep(content: bytes, extension: str) -> str:
    """Store the bytes under a random name and return the name."""
    name = secrets.token_hex(20)
    return STORAGE.save(f"evidence/{name[:2]}/{name}.{extension}", ContentFile(content))


def keep_stream(file: File, folder: str, extension: str) -> str:
    """Store a file that is too big to be held, under a random name in a folder of its own, and return the name."""
    name = secrets.token_hex(20)
    return STORAGE.save(f"{folder}/{name[:2]}/{name}.{extension}", file)


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
