"""Once only: how each thing a service must know is proved without asking for paper.

For each requirement the ways are tried in this order: a certificate we issued, evidence of an earlier case,
a register, the applicant's declaration, the applicant's own copy, the original seen at a meeting that is
needed anyway.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.core.definitions import Definition, Requirement
from services.core.evidence import (
    UNANSWERED,
    Grade,
    HeldEvidence,
    Settlement,
    Shelf,
    Source,
    Standing,
    own_ways,
)
from services.core.reference import EvidenceType

Entry = Sequence[EvidenceType]
Ways = tuple[tuple[str, Source], ...]

_ORDER = {source: place for place, source in enumerate(Source)}


def settle_requirement(
    requirement: Requirement, definition: Definition, shelf: Shelf, *, on: date, visit_ahead: bool
) -> Settlement:
    """Return how the requirement stands on the day, each way in its order (R3.1, R3.15, R3.17, R3.18).

    `visit_ahead`: a counter step or inspection of this route is still to come, where an original can be seen.
    A register that is down is asked again later, and the next one is asked at once. It asks nothing of the applicant
    until its days are over; then their own ways open, and an answer that comes all the same still counts. Where there
    is no remote way beside it, the original can be seen at that meeting, should no answer have come by then.
    """
    entries = [[definition.evidence_types[code] for code in entry] for entry in requirement.any_of]
    look = _Look(shelf, on, definition.risks)
    if requirement.original_at:
        return _original(requirement, entries, look, visit_ahead)
    for place, entry in enumerate(entries):
        found = [look.best(kind) for kind in entry]
        if all(found):
            return _settled(requirement, found, spared=look.missing(entries[:place]))
    fetch = _whole_entries_to_fetch(entries, look)
    if not fetch or look.has_waited_for(entries):
        return _left_to_the_applicant(requirement, entries, look, visit_ahead)
    if visit_ahead and look.was_tried(fetch) and not look.has_remote_way(entries):
        return Settlement(requirement.code, Standing.AT_VISIT, fetch=fetch, asks=look.seen_ways(entries[0]))
    return Settlement(requirement.code, Standing.FETCHING, fetch=fetch)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a party's shelf on a day, in a matter with its risks (R4.2)."""

    shelf: Shelf
    on: date
    risks: Sequence[str]

    def best(self, kind: EvidenceType, grade: Grade | None = None) -> HeldEvidence | None:
        """Return the first usable evidence of the type in the order of sources, a copy last, checked copies first.

        Whoever's original was seen need not rest on the copy of it any more (R3.17).
        """
        usable = [
            one
            for one in self.shelf.held
            if one.type == kind.code
            and not one.disputed
            and self._is_about(one, kind)
            and (one.valid_until is None or one.valid_until >= self.on or one.id == self.shelf.renews)
            and (grade is None or one.grade is grade)
        ]
        return min(
            usable, key=lambda one: (one.grade is Grade.C, _ORDER[one.source], not one.checked), default=None
        )

    def missing(self, entries: Sequence[Entry]) -> tuple[str, ...]:
        """Return what is not held of these entries."""
        kinds = dict.fromkeys(kind.code for entry in entries for kind in entry if not self.best(kind))
        return tuple(kinds)

    def _is_about(self, one: HeldEvidence, kind: EvidenceType) -> bool:
        """Return whether it is about the very thing meant: another vehicle's paper proves nothing here."""
        key = str(self.shelf.keys.get(kind.key, "")) if kind.key else ""
        return not kind.key or one.key == key or one.source is Source.SEEN

    def may_answer(self, kind: EvidenceType) -> bool:
        """Return whether a register has yet to answer: one that was down has not, a disputed one has (R3.15)."""
        answered = any(one.type == kind.code and one.outcome not in UNANSWERED for one in self.shelf.attempts)
        held = (one for one in self.shelf.held if one.type == kind.code and self._is_about(one, kind))
        return kind.registered and not answered and not any(one.disputed for one in held)

    def was_tried(self, kinds: Iterable[str]) -> bool:
        """Return whether each of these registers was asked at least once."""
        return {attempt.type for attempt in self.shelf.attempts}.issuperset(kinds)

    def is_awaited(self, kind: EvidenceType) -> bool:
        """Return whether the applicant is spared this because a register has yet to answer in its days (R3.1)."""
        overdue = any(
            one.type == kind.code and one.due is not None and one.due < self.on for one in self.shelf.attempts
        )
        return self.may_answer(kind) and not overdue

    def lacking(self, entry: Entry) -> list[EvidenceType]:
        """Return what of the entry we do not hold."""
        return [kind for kind in entry if not self.best(kind)]

    def has_waited_for(self, entries: Sequence[Entry]) -> bool:
        """Return whether every register's days are over, and the applicant has a way of their own (R3.18)."""
        awaited = (all(map(self.is_awaited, self.lacking(entry))) for entry in entries)
        return self.has_remote_way(entries) and not any(awaited)

    def has_remote_way(self, entries: Sequence[Entry]) -> bool:
        """Return whether the applicant could give a whole entry from a distance."""
        return any(all(own_ways(kind, self.risks) for kind in entry) for entry in entries)

    def own_ways_left(self, entries: Sequence[Entry]) -> Iterator[tuple[str, Source]]:
        """Yield what the applicant can give: nothing that we hold, or that a register is awaited for (R3.1)."""
        for kind in dict.fromkeys(kind for entry in entries for kind in entry):
            if not self.best(kind) and not self.is_awaited(kind):
                closed = self.shelf.commitments_closed
                yield from ((kind.code, way) for way in own_ways(kind, self.risks, closed=closed))

    def seen_ways(self, entry: Entry, grade: Grade | None = None) -> Ways:
        """Return the originals of the entry that can be shown, those left out that we hold."""
        return tuple((kind.code, Source.SEEN) for kind in entry if not self.best(kind, grade))


def _original(
    requirement: Requirement, entries: Sequence[Entry], look: _Look, visit_ahead: bool
) -> Settlement:
    """Return how an original stands that the law wants seen; seen once, it is never shown again (R3.17)."""
    for entry in entries:
        seen = [look.best(kind, Grade.B) for kind in entry]
        if all(seen):
            return _settled(requirement, seen)
    if visit_ahead:
        return Settlement(requirement.code, Standing.AT_VISIT, asks=look.seen_ways(entries[0], Grade.B))
    return Settlement(requirement.code, Standing.OPEN)


def _settled(
    requirement: Requirement, found: Sequence[HeldEvidence | None], *, spared: tuple[str, ...] = ()
) -> Settlement:
    evidence = tuple(one for one in found if one is not None)
    unchecked = any(one.grade is Grade.C and not one.checked for one in evidence)
    standing = Standing.UNCHECKED if unchecked else Standing.SETTLED
    return Settlement(requirement.code, standing, evidence, spared=spared)


def _whole_entries_to_fetch(entries: Sequence[Entry], look: _Look) -> tuple[str, ...]:
    """Return what is missing of the entries that registers alone can still complete, up to the first not yet tried.

    Those before it failed: they are asked again, but nobody waits for them before the next is asked.
    """
    fetch: dict[str, None] = {}
    for entry in entries:
        lacking = look.lacking(entry)
        if all(look.may_answer(kind) for kind in lacking):
            fetch |= dict.fromkeys(kind.code for kind in lacking)
            if not look.was_tried(kind.code for kind in lacking):
                break
    return tuple(fetch)


def _part_to_fetch(entries: Sequence[Entry], look: _Look) -> tuple[str, ...]:
    """Return what registers can still add to the first entry that needs something of the applicant as well."""
    for entry in entries:
        askable = [kind.code for kind in look.lacking(entry) if look.may_answer(kind)]
        if askable:
            return tuple(askable)
    return ()


def _left_to_the_applicant(
    requirement: Requirement, entries: Sequence[Entry], look: _Look, visit_ahead: bool
) -> Settlement:
    ways = tuple(look.own_ways_left(entries))
    seen = look.seen_ways(entries[0])
    fetch = _whole_entries_to_fetch(entries, look) or _part_to_fetch(entries, look)
    promised = look.shelf.comes_along or requirement.code in look.shelf.promised
    if visit_ahead and (promised or not ways):
        return Settlement(requirement.code, Standing.AT_VISIT, fetch=fetch, asks=seen)
    until = look.shelf.deferred.get(requirement.code)
    if until is not None and requirement.deferrable:
        return Settlement(requirement.code, Standing.PROMISED, fetch=fetch, asks=ways, until=until)
    return Settlement(requirement.code, Standing.OPEN, fetch=fetch, asks=ways + seen if visit_ahead else ways)
