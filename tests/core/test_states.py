"""The life of a case is a table: what is not in it is forbidden, for everybody; routing moves along it only."""

import pytest
from hypothesis import HealthCheck, given, settings

from services.core.states import (
    BEFORE_ACCEPTANCE,
    ENDED,
    MOVES,
    STAFF,
    UNDER_WAY,
    CannotMove,
    CaseState,
    NotYourMove,
    Role,
    check_move,
    may_move,
)
from tests.core.test_proof_by_enumeration import lives_of, read_table, small_tables

S, R = CaseState, Role
OFFICE = {R.CLERK, R.REVIEWER, R.SUPERVISOR}
# The whole law once more, written independently: before, after, and who may.
LAWFUL = {
    # by the machine only what officers noted, in the one notice of an application (R7.9)
    (S.RECEIVED, S.CORRECTION_REQUESTED): OFFICE | {R.WORKER},
    (S.RECEIVED, S.ACCEPTED): OFFICE | {R.WORKER},
    # by the machine only where the case it depends on was refused, by a person (R7.7)
    (S.RECEIVED, S.DECLINED): OFFICE | {R.WORKER},
    (S.RECEIVED, S.WITHDRAWN): {R.APPLICANT},
    (S.RECEIVED, S.LAPSED): {R.WORKER},
    # by the machine when the time is over and everything has come in, though nobody said so (R2.6)
    (S.CORRECTION_REQUESTED, S.RECEIVED): {R.APPLICANT, R.WORKER},
    # a correction nobody answered counts as withdrawn, without fault (R2.8)
    (S.CORRECTION_REQUESTED, S.WITHDRAWN): {R.APPLICANT, R.WORKER},
    (S.ACCEPTED, S.IN_REVIEW): {R.WORKER},
    # for an untrue commitment, or something promised that did not come: signed by a person (R4.10, R5.5)
    (S.ACCEPTED, S.DECLINED): OFFICE,
    # something promised that did not come counts as withdrawn, without fault, where the place's law says so (R5.5)
    (S.ACCEPTED, S.WITHDRAWN): {R.APPLICANT, R.WORKER},
    (S.ACCEPTED, S.LAPSED): {R.WORKER},
    (S.IN_REVIEW, S.PAUSED): OFFICE,
    (S.IN_REVIEW, S.DECIDED): OFFICE | {R.WORKER},
    # by the machine only where the case it depends on was refused, by a person (R7.7)
    (S.IN_REVIEW, S.DECLINED): OFFICE | {R.WORKER},
    (S.IN_REVIEW, S.WITHDRAWN): {R.APPLICANT, R.WORKER},
    (S.IN_REVIEW, S.LAPSED): {R.WORKER},
    (S.PAUSED, S.IN_REVIEW): OFFICE | {R.WORKER},
    (S.PAUSED, S.WITHDRAWN): {R.APPLICANT},
    (S.DECIDED, S.ISSUED): {R.WORKER},
    (S.DECIDED, S.DELIVERED): {R.WORKER},
    (S.DECIDED, S.LAPSED): {R.WORKER},
    (S.ISSUED, S.DELIVERED): OFFICE | {R.WORKER},
    (S.DELIVERED, S.CLOSED): {R.WORKER},
    (S.CLOSED, S.ARCHIVED): {R.WORKER},
}


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
@pytest.mark.parametrize("role", R)
def test_the_whole_table(before: CaseState, after: CaseState, role: Role) -> None:
    who = LAWFUL.get((before, after), set())

    assert may_move(before, after, role) is (role in who)
    if role in who:
        check_move(before=before, after=after, role=role)
    else:
        with pytest.raises(NotYourMove if who else CannotMove):
            check_move(before=before, after=after, role=role)


def test_nothing_leaves_a_case_that_ended_but_the_archive() -> None:
    assert {state: set(MOVES[state]) for state in ENDED} == {
        S.CLOSED: {S.ARCHIVED}, S.ARCHIVED: set(), S.DECLINED: set(), S.WITHDRAWN: set(), S.LAPSED: set(),
    }  # fmt: skip
    assert BEFORE_ACCEPTANCE.isdisjoint(UNDER_WAY | ENDED)


def test_every_state_can_be_reached_and_every_state_leads_to_an_end() -> None:
    reached, ahead = {S.RECEIVED}, [S.RECEIVED]
    while ahead:
        new = set(MOVES[ahead.pop()]) - reached
        reached |= new
        ahead += new
    leads = set(ENDED)
    while more := {state for state in S if state not in leads and leads & set(MOVES[state])}:
        leads |= more

    assert reached == set(S)
    assert leads == set(S)


def test_staff_are_the_officers_and_nobody_else() -> None:
    assert {role for role in R if role.is_staff} == OFFICE == STAFF


@settings(
    max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(small_tables())
def test_every_effect_of_routing_moves_along_the_table_as_the_machine(written: dict[str, object]) -> None:
    lives = lives_of(read_table(written))

    moves = {move for _, seen in lives for move in seen.moves}
    assert moves <= {move for move, who in LAWFUL.items() if R.WORKER in who}
