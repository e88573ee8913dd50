"""How the house says no: by name, in one sentence, with every mistake told at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Self


class Kind(StrEnum):
    """What sort of no it is. Each door has its own way of saying it (a status, a page, an exit code)."""

    MALFORMED = "malformed"  # it cannot be read at all
    UNIDENTIFIED = "unidentified"  # say first who you are
    FORBIDDEN = "forbidden"  # you may see it, but not do this
    MISSING = "missing"  # there is none, or none of yours
    CONFLICT = "conflict"  # its present state does not allow it
    STALE = "stale"  # somebody changed it since you looked
    TOO_LARGE = "too_large"
    INVALID = "invalid"  # it can be read, but not accepted
    TOO_MANY = "too_many"  # too often, too fast
    BUSY = "busy"  # not now; try again


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right: where it stands, and a sentence template that says what to do.

    `place` is a path in what was sent (`answers.person.birth_date`) or in a file (`fee.amount`).
    """

    place: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def told(self, template: str | None = None) -> str:
        """Return the sentence with its values filled in; `template` is its translation, if there is one."""
        return (template or self.sentence).format_map(self.values)

    def __str__(self) -> str:
        return f"{self.place}: {self.told()}" if self.place else self.told()


class Refusal(Exception):
    """What was asked cannot be done. Subclasses are written beside what raises them.

    A subclass names its `code` (snake case, unique in the house), its `kind`, and its English
    `sentence`, a template with named values; a door translates the template and fills in `values`.
    Values are shown to people and may be logged: never put personal data into them.
    """

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "This cannot be done."

    def __init__(self, *, errors: Iterable[Mistake] = (), **values: object) -> None:
        self.errors: tuple[Mistake, ...] = tuple(errors)
        self.values: Mapping[str, object] = values
        # Filled in here, so that a value the sentence needs but was not given fails where it was forgotten.
        super().__init__(self.told())

    def told(self, template: str | None = None) -> str:
        """Return the sentence with its values filled in; `template` is its translation, if there is one."""
        return (template or self.sentence).format_map(self.values)

    def __str__(self) -> str:
        return " ".join([self.told(), *map(str, self.errors)])

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[object, ...]]:
        # Workers hand exceptions from one process to another.
        return type(self)._again, (self.errors, dict(self.values))

    @classmethod
    def _again(cls, errors: tuple[Mistake, ...], values: Mapping[str, object]) -> Self:
        return cls(errors=errors, **values)
