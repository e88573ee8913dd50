"""Whether somebody looks who must say what for: an officer opens personal data on record, or not at all (R15.6).

A door tells that an officer looks. From then on nothing encrypted opens in that request until a reading of it has been
recorded: a page that forgot to record shows nothing, and no test needs to know the page to find out. A reading names
what is read, and opens that and no more: `OPENS`.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from services.core.refusal import Kind, Refusal


class PurposeNeeded(Refusal):
    """An officer's request came to personal data that no reading on record names."""

    code = "purpose_needed"
    kind = Kind.FORBIDDEN
    sentence = "Personal data is opened for a case, a draft or a visit, and on record. Open the case instead."


_PROOF = (
    "evidence.Attempt.", "evidence.Declaration.", "evidence.Evidence.", "evidence.Preview.",
    "evidence.Quarantined.", "evidence.RecordCorrection.", "evidence.SentPage.", "evidence.Upload.",
)  # fmt: skip
_MATTER = (
    "cases.Application.", "cases.CommitmentCheck.", "cases.CorrectionNotice.", "cases.Decision.",
    "cases.Extension.", "cases.Promise.", "cases.Task.", "notices.Notice.",
)  # fmt: skip
_WHO = ("people.Person.",)
_CERTIFICATE = ("certificates.Certificate.",)
# What a reading names → the encrypted fields it opens, by the beginning of their names.
OPENS: Mapping[str, tuple[str, ...]] = {
    "case": _MATTER + _PROOF + _WHO + _CERTIFICATE,
    "visit": _MATTER + _PROOF + _WHO + _CERTIFICATE,
    "copy": ("evidence.Upload.",),
    "reading_question": ("cases.ReadingQuestion.",),
    "rating": ("cases.Rating.",),
    "not_done": ("cases.NotDone.",),
}
# Any other name is that of a fact (`person.birth_date`), or of a kind of evidence, which a certificate may be.
_FACT = ("cases.Application.answers", "evidence.Evidence.", "people.Person.")
_PAPER = _PROOF + _CERTIFICATE

# None: nobody looks. Else what the readings on record name so far.
_named: ContextVar[frozenset[str] | None] = ContextVar("looks_at_what_is_on_record", default=None)


@contextmanager
def an_officer_looks() -> Iterator[None]:
    """Let nothing personal be opened, within, but what a reading on record names."""
    before = _named.set(frozenset())
    try:
        yield
    finally:
        _named.reset(before)


def watch() -> None:
    """Say that an officer looks, within what `unseen` has opened."""
    _named.set(frozenset())


@contextmanager
def unseen() -> Iterator[None]:
    """Let the machine open, within, what it needs to carry out an act; nothing of it is handed to whoever acts."""
    before = _named.set(None)
    try:
        yield
    finally:
        _named.reset(before)


def say(names: Collection[str]) -> None:
    """Note that what these name is on record from here on."""
    before = _named.get()
    if before is not None:
        _named.set(before | frozenset(names))


def check(field: str) -> None:
    """Do nothing if nobody looks at this field, or whoever looks has said what for.

    :raises PurposeNeeded: otherwise.
    """
    named = _named.get()
    if named is not None and not any(field.startswith(_opened(one)) for one in named):
        raise PurposeNeeded


def _opened(name: str) -> tuple[str, ...]:
    return OPENS.get(name) or (_FACT if "." in name else _PAPER)
