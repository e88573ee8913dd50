"""Which services of one application come after others: the later one requires what the earlier one issues (R7.5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.core.definitions import Definition, Requirement
from services.core.evidence import Settlement, Shelf, Standing

APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class Predecessor:
    """An earlier service of the same application, as the later one sees it: what it issues, and how far it is.

    `refused`: it was refused, or fell with one that was. `ended`: it brings nothing any more, for whatever reason.
    `at_counter`: all that is left of it is done at the visit, at which the later one can be signed for as well.
    `ground`: it issues nothing that the later one requires, but rests on what the later one ends (R2.26).
    `ended_on`: the day on which it ended and brought nothing; None where nobody wrote it down.
    """

    service: str
    certificate: str
    founds: bool = False
    issued_on: date | None = None
    refused: bool = False
    ended: bool = False
    at_counter: bool = False
    ground: bool = False
    ended_on: date | None = None

    @property
    def pending(self) -> bool:
        """Return whether its result is still to come."""
        return self.issued_on is None and not self.ended

    @property
    def lost(self) -> bool:
        """Return whether what depends on it falls with it (R7.7): without the founding there is nobody to go on for."""
        return self.refused or (self.ended and self.founds)


def needs(members: Sequence[Definition]) -> dict[str, tuple[str, ...]]:
    """Return, by service, the others among the members that it comes after (R7.5).

    Those whose certificate it requires; and those listed before it that rest on what it ends (R2.26): nobody's ground
    is taken away from under them.
    """
    return {
        one.code: tuple(
            other.code
            for place, other in enumerate(members)
            if other.code != one.code
            and (requires(one, other) or (place < members.index(one) and _rests_on_end(other, one)))
        )
        for one in members
    }


def requires(one: Definition, other: Definition) -> bool:
    """Return whether one service requires what the other issues."""
    return other.output.certificate in _kinds(one)


def _rests_on_end(other: Definition, one: Definition) -> bool:
    """Return whether the other requires what this one ends."""
    return not _kinds(other).isdisjoint(one.output.ends)


def _kinds(one: Definition) -> frozenset[str]:
    return frozenset(kind for want in one.requirements for entry in want.any_of for kind in entry)


def in_sequence(members: Sequence[Definition]) -> dict[str, tuple[str, ...]]:
    """Return `needs` without circles: of two that want each other's result, the one listed first does without."""
    direct, order = needs(members), [one.code for one in members]
    found: dict[str, list[str]] = {code: [] for code in order}
    wanted = [(code, before) for code in order for before in direct[code]]
    # What is listed earlier comes first, whoever wants it; the others where nothing stands against it.
    for code, before in sorted(wanted, key=lambda one: order.index(one[1]) > order.index(one[0])):
        if code not in _before(before, found):
            found[code].append(before)
    return {code: tuple(one for one in order if one in before) for code, before in found.items()}


def _before(code: str, found: Mapping[str, Sequence[str]]) -> frozenset[str]:
    direct = frozenset(found[code])
    return direct.union(*(_before(one, found) for one in direct))


def awaited_kinds(
    requirement: Requirement, definition: Definition, earlier: Iterable[Predecessor]
) -> frozenset[str]:
    """Return what the requirement would be met by, and earlier services have yet to issue; only for the applicant.

    While the business is still to be founded, nothing that registers hold about a business can be asked for either.
    """
    pending = [one for one in earlier if one.pending]
    if not pending or requirement.party != APPLICANT:
        return frozenset()
    issued = {one.certificate for one in pending}
    founding = any(one.founds for one in pending)
    kinds = {code: definition.evidence_types[code] for entry in requirement.any_of for code in entry}
    unborn = {
        code for code, kind in kinds.items() if founding and kind.about == "business" and kind.registered
    }
    return frozenset(issued & kinds.keys()) | unborn


def without(shelf: Shelf, kinds: frozenset[str]) -> Shelf:
    """Return the shelf as if nothing of these kinds was at hand: what is being changed proves nothing meanwhile."""
    return replace(
        shelf,
        held=tuple(one for one in shelf.held if one.type not in kinds),
        attempts=tuple(one for one in shelf.attempts if one.type not in kinds),
    )


def awaiting(requirement: Requirement, kinds: frozenset[str], earlier: Iterable[Predecessor]) -> Settlement:
    """Return that the requirement waits for earlier services, by their codes."""
    who = tuple(one.service for one in earlier if one.pending and (one.certificate in kinds or one.founds))
    return Settlement(requirement.code, Standing.AWAITED, awaits=who)


def required_from(
    definition: Definition, settlements: Mapping[str, Settlement], earlier: Sequence[Predecessor]
) -> Iterator[tuple[Settlement, Predecessor]]:
    """Yield what applies of the applicant's requirements with each earlier service that issues what would meet it."""
    for one in settlements.values():
        requirement = definition.requirement[one.requirement]
        kinds = {kind for entry in requirement.any_of for kind in entry}
        for before in earlier if requirement.party == APPLICANT else ():
            if before.certificate in kinds:
                yield one, before
