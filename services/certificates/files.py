"""Where sealed PDFs lie: a folder that no address leads to, under names that say nothing."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

# Readable by this house alone; below MEDIA_ROOT, which is read when a file is opened.
STORAGE = FileSystemStorage(base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700)


def keep(content: bytes) -> str:
    """Store the bytes under a random name and return the name."""
    name = secrets.token_hex(20)
    return STORAGE.save(f"certificates/{name[:2]}/{name}.pdf", ContentFile(content))


def kept(stored_as: str) -> bytes | None:
    """Return the bytes, or None if they are gone."""
    try:
        with STORAGE.open(stored_as) as file:
            return bytes(file.read())
    except OSError:
        return None


def discard(stored_as: str) -> None:
    """Remove the file; removing it again changes nothing."""
    STORAGE.delete(stored_as)
