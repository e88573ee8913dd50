"""What comes to hand for an application: answers of registers, what the applicant gives, originals that are seen.

What is at hand is at hand for every service of the application: nothing is fetched or given twice (R3.1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from uuid import UUID

from services.core.casefile import CaseFile
from services.core.evidence import Attempt, Grade, HeldEvidence, Outcome, Shelf, Source, Standing
from services.core.facts import Holder

SOMEBODY = Holder("person", UUID(int=1))
LONG_AGO = date(2020, 1, 1)
REMOTE = (Source.DECLARATION, Source.UPLOAD)
GRADES = {Source.DECLARATION: Grade.D, Source.UPLOAD: Grade.C, Source.SEEN: Grade.B}
EMPTY = Shelf()

# The requirement's party, and the type of evidence.
Kind = tuple[str, str]


@cache
def evidence(kind: str, source: Source, *, checked: bool = False, disputed: bool = False) -> HeldEvidence:
    """Return evidence of this type from there: of whom it is makes no difference to what is decided."""
    grade = GRADES.get(source, Grade.A)
    return HeldEvidence(
        SOMEBODY.id, kind, SOMEBODY, source, grade, {}, LONG_AGO, checked=checked, disputed=disputed
    )


@dataclass
class Papers:
    """The shelves of an application, by party; `version` grows whenever one changes."""

    shelves: dict[str, Shelf] = field(default_factory=dict)
    version: int = 0
    given: dict[Kind, Source] = field(default_factory=dict)
    # Copies that an office will send back, once.
    flawed: set[Kind] = field(default_factory=set)

    def shelf(self, party: str) -> Shelf:
        """Return what is at hand for the party."""
        return self.shelves.get(party, EMPTY)

    def add(self, party: str, *held: HeldEvidence) -> None:
        """Put evidence on the party's shelf."""
        shelf = self.shelf(party)
        self._put(party, replace(shelf, held=(*shelf.held, *held)))

    def answered(
        self, kind: Kind, outcome: Outcome, *, disputed: bool = False, due: date | None = None
    ) -> None:
        """Take down what a register answered; what it found is on the shelf, disputed or not."""
        party, code = kind
        shelf = self.shelf(party)
        attempt = Attempt(code, SOMEBODY, outcome, due=due)
        found = (evidence(code, Source.REGISTRY, disputed=disputed),) if outcome is Outcome.FOUND else ()
        self._put(party, replace(shelf, held=(*shelf.held, *found), attempts=(*shelf.attempts, attempt)))

    def was_tried(self, kind: Kind) -> bool:
        """Return whether a register was asked for it already."""
        return any(one.type == kind[1] for one in self.shelf(kind[0]).attempts)

    def check(self) -> None:
        """Take down that an officer looked at every copy at hand."""
        for party, shelf in list(self.shelves.items()):
            if any(one.source is Source.UPLOAD and not one.checked for one in shelf.held):
                held = (
                    replace(one, checked=True) if one.source is Source.UPLOAD else one for one in shelf.held
                )
                self._put(party, replace(shelf, held=tuple(held)))

    def find_wanting(self, kinds: Iterable[Kind]) -> None:
        """Take copies down that cannot be used: they are given anew when they are asked for."""
        for party, code in kinds:
            shelf = self.shelf(party)
            left = [one for one in shelf.held if one.type != code or one.source is not Source.UPLOAD]
            self.given.pop((party, code), None)
            self.flawed.discard((party, code))
            self._put(party, replace(shelf, held=tuple(left)))

    @property
    def told(self) -> frozenset[str]:
        """Return the types of evidence that registers told of the applicant and that stand undisputed."""
        held = self.shelf("applicant").held
        return frozenset(one.type for one in held if one.source is Source.REGISTRY and not one.disputed)

    def _put(self, party: str, shelf: Shelf) -> None:
        self.shelves[party] = shelf
        self.version += 1


def to_fetch(case: CaseFile) -> Iterator[Kind]:
    """Yield what registers are to be asked for."""
    for one in case.settlements.values():
        party = case.definition.requirement[one.requirement].party
        yield from ((party, kind) for kind in one.fetch)


def missing_in(case: CaseFile) -> list[str]:
    """Return the requirements for which nothing is there, and that the applicant can give."""
    return [one.requirement for one in case.unsettled if one.standing is Standing.OPEN and one.asks]


def asked(case: CaseFile, ways: Iterable[Source]) -> Iterator[tuple[Kind, Source]]:
    """Yield what the applicant is asked for, of what can be given in these ways: the first entry, the first way."""
    allowed = frozenset(ways)
    for one in case.settlements.values():
        first: dict[str, Source] = {}
        for kind, way in one.asks if one.standing in (Standing.OPEN, Standing.AT_VISIT) else ():
            if way in allowed:
                first.setdefault(kind, way)
        requirement = case.definition.requirement[one.requirement]
        wanted = (entry for entry in requirement.any_of if not first.keys().isdisjoint(entry))
        for kind in next(wanted, ()) if first else ():
            if kind in first:
                yield (requirement.party, kind), first[kind]
