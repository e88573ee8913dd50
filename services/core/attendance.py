"""What an officer says of a visit: of every case how it went and what was seen. Nothing is presumed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.core.refusal import Kind, Mistake, Refusal


class Outcome(StrEnum):
    """How a case fared at the visit."""

    SERVED = "served"
    FAILED = "failed"  # the examination was not passed, or an original does not match: it ends in a decision


class InPersonOnly(Refusal):
    """The law wants the person themself at this counter (R11.3)."""

    code = "in_person_only"
    kind = Kind.FORBIDDEN
    sentence = "Here the law asks for the person themself: nobody can come in their place."


class VisitNotTold(Refusal):
    """A case of the visit was passed over, or something was said of what is no part of it."""

    code = "visit_not_told"
    sentence = "Say of every case of this visit how it went, and which originals were shown."


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A case that the visit must serve: all its requirements, and those of which a copy waits to be looked at."""

    case: str
    requirements: frozenset[str]
    copies: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTold:
    """How a visit went, each part by the case's id: no case without an outcome, none without its originals.

    `originals_seen`: requirements whose original was shown and matches; an empty list where none was.
    `copies_checked`: requirements whose copy was looked at and is good; the others stay for the reviewer (R3.17).
    `agents`: the account of who came in the applicant's place; their trip counts as the applicant's (R8.4).
    `fault`: whose mistake made the visit necessary, if anybody's (R8.5).
    """

    outcomes: Mapping[str, str]
    originals_seen: Mapping[str, Sequence[str]]
    copies_checked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    agents: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    note: str = field(default="", repr=False)

    def failed(self, case: str) -> bool:
        """Return whether the case did not pass the visit."""
        return self.outcomes[case] == Outcome.FAILED


def check_told(awaited: Iterable[Awaited], told: VisitTold) -> None:
    """Do nothing if exactly the cases that are awaited were told of, and nothing was seen that is not theirs (R3.17).

    :raises VisitNotTold: otherwise, with every mistake.
    """
    cases = {one.case: one for one in awaited}
    mistakes = [*_passed_over(cases, told), *_strangers(cases, told), *_not_theirs(cases, told)]
    if mistakes:
        raise VisitNotTold(errors=mistakes)


def _passed_over(cases: Mapping[str, Awaited], told: VisitTold) -> Iterator[Mistake]:
    for case in cases:
        if told.outcomes.get(case) not in list(Outcome):
            yield Mistake(f"outcomes.{case}", "Say how this case went.")
        if case not in told.originals_seen:
            yield Mistake(
                f"originalsSeen.{case}", "Say of each original whether it was shown; none is an answer too."
            )


def _strangers(cases: Mapping[str, Awaited], told: VisitTold) -> Iterator[Mistake]:
    parts = {
        "outcomes": told.outcomes, "originalsSeen": told.originals_seen, "copiesChecked": told.copies_checked,
        "agents": told.agents,
    }  # fmt: skip
    for part, by_case in parts.items():
        for case in by_case:
            if case not in cases:
                yield Mistake(f"{part}.{case}", "Nothing of this case is to be done at this visit now.")


def _not_theirs(cases: Mapping[str, Awaited], told: VisitTold) -> Iterator[Mistake]:
    for case, one in cases.items():
        for code in told.originals_seen.get(case, ()):
            if code not in one.requirements:
                yield Mistake(f"originalsSeen.{case}", "This service asks for no such original.")
        for code in told.copies_checked.get(case, ()):
            if code not in one.copies:
                yield Mistake(f"copiesChecked.{case}", "No copy of this waits to be looked at.")
