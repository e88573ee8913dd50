"""Whether somebody looks who must say what for: an officer opens personal data on record, or not at all (R15.6).

A door tells that an officer looks. From then on nothing encrypted opens in that request until a reading of it has been
recorded: a page that forgot to record shows nothing, and no test needs to know the page to find out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from services.core.refusal import Kind, Refusal


class PurposeNeeded(Refusal):
    """An officer's request came to personal data without a reading on record."""

    code = "purpose_needed"
    kind = Kind.FORBIDDEN
    sentence = "Personal data is opened for a case, a draft or a visit, and on record. Open the case instead."


# True: somebody looks who has not said what for.
_unsaid: ContextVar[bool] = ContextVar("looks_without_a_purpose", default=False)


@contextmanager
def an_officer_looks() -> Iterator[None]:
    """Let nothing personal be opened, within, before a reading is on record."""
    before = _unsaid.set(True)
    try:
        yield
    finally:
        _unsaid.reset(before)


def watch() -> None:
    """Say that an officer looks, within what `unseen` has opened."""
    _unsaid.set(True)


@contextmanager
def unseen() -> Iterator[None]:
    """Let the machine open, within, what it needs to carry out an act; nothing of it is handed to whoever acts."""
    before = _unsaid.set(False)
    try:
        yield
    finally:
        _unsaid.reset(before)


def say() -> None:
    """Note that what is opened from here on is on record."""
    _unsaid.set(False)


def check() -> None:
    """Do nothing if nobody looks, or whoever looks has said what for.

    :raises PurposeNeeded: otherwise.
    """
    if _unsaid.get():
        raise PurposeNeeded
