"""The life of a case as a table: what is not in MOVES is forbidden, for every door and worker alike."""

from collections.abc import Mapping
from enum import StrEnum

from services.core.refusal import Kind, Refusal


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    CORRECTION_REQUESTED = "correction_requested"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    PAUSED = "paused"
    DECIDED = "decided"
    ISSUED = "issued"
    DELIVERED = "delivered"
    CLOSED = "closed"
    ARCHIVED = "archived"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Role(StrEnum):
    """In which capacity somebody acts."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    WORKER = "worker"

    @property
    def is_staff(self) -> bool:
        """Return whether this is an officer of a department."""
        return self in STAFF


STAFF = frozenset({Role.CLERK, Role.REVIEWER, Role.SUPERVISOR})
_OFFICE = STAFF
_OFFICE_OR_MACHINE = STAFF | {Role.WORKER}
_APPLICANT = frozenset({Role.APPLICANT})
_APPLICANT_OR_MACHINE = frozenset({Role.APPLICANT, Role.WORKER})
_MACHINE = frozenset({Role.WORKER})

S = CaseState
# From → to → who may. The machine treats a missed correction, and something promised that did not come, as withdrawn
# (R2.8, R5.5), and declines a case only where the one it depends on was refused, by a person (R7.7). An office stops
# handling an accepted case only for an untrue commitment, or for something promised that did not come (R4.10, R5.5).
# What offices noted to be missing the machine sends, all of it as one notice; and what all came in, though nobody said
# so, it takes back when the time is over (R7.9, R2.6).
MOVES: Mapping[CaseState, Mapping[CaseState, frozenset[Role]]] = {
    S.RECEIVED: {
        S.CORRECTION_REQUESTED: _OFFICE_OR_MACHINE,
        S.ACCEPTED: _OFFICE_OR_MACHINE,
        S.DECLINED: _OFFICE_OR_MACHINE,
        S.WITHDRAWN: _APPLICANT,
        S.LAPSED: _MACHINE,
    },
    S.CORRECTION_REQUESTED: {S.RECEIVED: _APPLICANT_OR_MACHINE, S.WITHDRAWN: _APPLICANT_OR_MACHINE},
    S.ACCEPTED: {
        S.IN_REVIEW: _MACHINE,
        S.DECLINED: _OFFICE,
        S.WITHDRAWN: _APPLICANT_OR_MACHINE,
        S.LAPSED: _MACHINE,
    },
    S.IN_REVIEW: {
        S.PAUSED: _OFFICE,
        S.DECIDED: _OFFICE_OR_MACHINE,
        S.DECLINED: _OFFICE_OR_MACHINE,
        S.WITHDRAWN: _APPLICANT_OR_MACHINE,
        S.LAPSED: _MACHINE,
    },
    S.PAUSED: {S.IN_REVIEW: _OFFICE_OR_MACHINE, S.WITHDRAWN: _APPLICANT},
    S.DECIDED: {S.ISSUED: _MACHINE, S.DELIVERED: _MACHINE, S.LAPSED: _MACHINE},
    S.ISSUED: {S.DELIVERED: _OFFICE_OR_MACHINE},
    S.DELIVERED: {S.CLOSED: _MACHINE},
    S.CLOSED: {S.ARCHIVED: _MACHINE},
    S.ARCHIVED: {},
    S.DECLINED: {},
    S.WITHDRAWN: {},
    S.LAPSED: {},
}

ENDED = frozenset({S.CLOSED, S.ARCHIVED, S.DECLINED, S.WITHDRAWN, S.LAPSED})
# Before acceptance no limit runs yet; after the decision none runs any more.
BEFORE_ACCEPTANCE = frozenset({S.RECEIVED, S.CORRECTION_REQUESTED})
UNDER_WAY = frozenset({S.ACCEPTED, S.IN_REVIEW, S.PAUSED})


class Verdict(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    REFUSED = "refused"


class CannotMove(Refusal):
    """The state of the case, or the role of the person, does not allow the move."""

    code = "cannot_move"
    kind = Kind.CONFLICT
    sentence = "A case that is {before} cannot become {after} now."


class NotYourMove(Refusal):
    """The move exists, but not for this role."""

    code = "not_your_move"
    kind = Kind.FORBIDDEN
    sentence = "A {role} cannot make this case {after}."


def check_move(*, before: CaseState, after: CaseState, role: Role) -> None:
    """Do nothing if the move is lawful.

    :raises CannotMove: if the table has no such move.
    :raises NotYourMove: if it has, but not for this role.
    """
    if after not in MOVES[before]:
        raise CannotMove(before=before, after=after)
    if role not in MOVES[before][after]:
        raise NotYourMove(role=role, after=after)


def way(before: CaseState, after: CaseState) -> tuple[CaseState, ...]:
    """Return the states by which the shortest way of lawful moves leads from one state to another, that one included.

    An act that makes several moves at once, such as refusing a case not yet accepted, is written down so (design §7).

    :raises CannotMove: if no way leads there.
    """
    ways: list[tuple[CaseState, ...]] = [(before,)]
    for trodden in ways:
        if trodden[-1] is after:
            return trodden[1:]
        ways += [(*trodden, ahead) for ahead in MOVES[trodden[-1]] if ahead not in trodden]
    raise CannotMove(before=before, after=after)


def may_move(before: CaseState, after: CaseState, role: Role) -> bool:
    """Return whether `check_move` would pass: the button's side of the same rule."""
    return role in MOVES[before].get(after, frozenset())
