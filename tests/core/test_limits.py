"""The limits of a case: paused and resumed by the office, over by themselves, extended once; and what they come to."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core import acts, limits
from services.core.casefile import CaseFile
from services.core.deadlines import look_again_on
from services.core.pauses import Extension, ExtensionNotLawful, Pause, PauseKind, PauseNotLawful
from services.core.routing import route_case
from services.core.states import CannotMove, CaseState, NotYourMove, Role, way
from tests.core.a_service import MONDAY, definition, law, received, step

CLERK, SUPERVISOR = Role.CLERK, Role.SUPERVISOR


def a_pause(start: date = MONDAY, *, days: int = 5, end: date | None = None) -> Pause:
    return Pause(
        kind=PauseKind.TESTING, start=start, end=end, planned_days=days, legal_basis="Food Law", told_on=start
    )


def an_extension(days: int = 10, on: date = MONDAY) -> Extension:
    return Extension(days=days, granted_on=on, approver="head", reasons="The site is wet.", told_on=on)


def in_review(*steps: dict[str, object]) -> CaseFile:
    """Return a case that was accepted on the Monday and waits for its review."""
    case = route_case(received(definition(*(steps or (step("look", "review", days=3),)))), law()).case
    assert case.state is CaseState.IN_REVIEW
    return case


def paused(case: CaseFile, **more: object) -> CaseFile:
    return limits.pause(case, pause=a_pause(case.on, **more), role=CLERK)


def test_only_what_is_in_review_is_paused_and_only_by_an_officer() -> None:
    with pytest.raises(CannotMove):
        limits.pause(received(definition()), pause=a_pause(), role=CLERK)
    with pytest.raises(CannotMove):
        paused(paused(in_review()))
    with pytest.raises(NotYourMove):
        limits.pause(in_review(), pause=a_pause(), role=Role.APPLICANT)


def test_a_length_that_nobody_means_is_a_slip_of_the_keyboard() -> None:
    with pytest.raises(PauseNotLawful) as refusal:
        a_pause(days=251)
    assert [one.place for one in refusal.value.errors] == ["planned_days"]


def test_a_pause_holds_routing_up_until_its_length_is_over() -> None:
    """R2.23"""
    case = paused(in_review())

    assert look_again_on(case, law()) == date(2026, 3, 10)
    assert route_case(case.after(on=date(2026, 3, 9)), law()).effects == ()
    late = route_case(case.after(on=date(2026, 3, 20)), law())
    assert [(one.event, one.outcome, one.until) for one in late.effects] == [
        ("resumed", "length_over", date(2026, 3, 9))
    ]
    assert (late.case.state, late.case.pauses[-1].end) == (CaseState.IN_REVIEW, date(2026, 3, 9))


def test_an_office_ends_it_earlier_but_never_later_than_told() -> None:
    early = limits.resume(paused(in_review()).after(on=date(2026, 3, 4)), law(), role=CLERK)
    late = limits.resume(paused(in_review()).after(on=date(2026, 3, 20)), law(), role=CLERK)

    assert early.pauses[-1].end == date(2026, 3, 4)
    assert late.pauses[-1].end == date(2026, 3, 9)
    with pytest.raises(CannotMove):
        limits.resume(early, law(), role=CLERK)


def test_withdrawing_a_paused_case_ends_the_pause() -> None:
    gone = acts.withdraw(paused(in_review()).after(on=date(2026, 3, 4)))

    assert (gone.state, gone.pauses[-1].end) == (CaseState.WITHDRAWN, date(2026, 3, 4))


def test_a_paused_case_is_not_refused_before_the_time_counts_again() -> None:
    with pytest.raises(CannotMove):
        acts.refuse(paused(in_review()), role=SUPERVISOR)


def test_the_days_of_an_open_step_and_of_a_visit_are_not_used_up_by_a_pause() -> None:
    case = paused(in_review())
    assert limits.step_ends(case, "look", law()) == date(2026, 3, 12)

    early = limits.resume(case.after(on=date(2026, 3, 3)), law(), role=CLERK)
    assert limits.step_ends(early, "look", law()) == date(2026, 3, 6)

    visit = route_case(received(definition(step("sign", "counter"), step("look", "review"))), law()).case
    assert limits.step_ends(visit, "sign", law()) == date(2026, 3, 30)
    moved = visit.after(pauses=(a_pause(end=date(2026, 3, 9)),))
    on_time, too_late = moved.after(on=date(2026, 4, 7)), moved.after(on=date(2026, 4, 8))
    assert route_case(on_time, law()).effects == ()
    assert [one.outcome for one in route_case(too_late, law()).effects] == ["visit_not_kept"]


def test_a_period_set_by_law_runs_on_by_the_calendar() -> None:
    case = paused(in_review(step("publish", "auto", days=3)))

    assert limits.step_ends(case, "publish", law()) == date(2026, 3, 5)


def test_an_extension_makes_both_limits_longer_once() -> None:
    """R2.11"""
    longer = limits.extend(in_review(), law(), extension=an_extension(), role=SUPERVISOR)

    assert limits.promised_due(longer, law()).on == date(2026, 3, 30)
    assert limits.statutory_due(longer, law()).on == date(2026, 4, 14)
    with pytest.raises(ExtensionNotLawful, match="once only"):
        limits.extend(longer, law(), extension=an_extension(), role=SUPERVISOR)


def test_an_extension_is_a_supervisors_and_comes_before_the_laws_last_day() -> None:
    """R2.11"""
    case = in_review()
    with pytest.raises(NotYourMove):
        limits.extend(case, law(), extension=an_extension(), role=Role.REVIEWER)
    with pytest.raises(ExtensionNotLawful, match="too late"):
        late = date(2026, 3, 31)
        limits.extend(case.after(on=late), law(), extension=an_extension(on=late), role=SUPERVISOR)
    with pytest.raises(ExtensionNotLawful, match="No limit runs now"):
        limits.extend(received(definition()), law(), extension=an_extension(), role=SUPERVISOR)


def test_an_act_of_several_moves_is_written_as_the_way_it_went() -> None:
    S = CaseState
    assert way(S.RECEIVED, S.DECIDED) == (S.ACCEPTED, S.IN_REVIEW, S.DECIDED)
    assert way(S.IN_REVIEW, S.IN_REVIEW) == ()
    with pytest.raises(CannotMove):
        way(S.CLOSED, S.RECEIVED)


starts = st.dates(date(2025, 1, 1), date(2025, 11, 30))
lengths = st.integers(1, 25)
some_pauses = st.lists(
    st.builds(
        lambda start, days, early: a_pause(
            start, days=days, end=None if early is None else start + timedelta(days=early)
        ),
        starts, lengths, st.none() | st.integers(0, 30),
    ),
    max_size=4,
)  # fmt: skip


def limits_with(pauses: list[Pause], more: int = 0) -> tuple[date, date]:
    case = in_review().after(accepted_on=date(2025, 3, 3), pauses=tuple(pauses))
    case = case.after(extension=an_extension(more)) if more else case
    return limits.promised_due(case, law()).on, limits.statutory_due(case, law()).on


@settings(deadline=None, max_examples=60)
@given(some_pauses, st.builds(a_pause, starts, days=lengths), st.integers(1, 10))
def test_one_more_pause_or_an_extension_never_brings_a_limit_nearer(
    pauses: list[Pause], one: Pause, more: int
) -> None:
    before = limits_with(pauses)

    assert all(then <= now for then, now in zip(before, limits_with([*pauses, one]), strict=True))
    assert all(then < now for then, now in zip(before, limits_with(pauses, more), strict=True))
    assert before[0] <= before[1]


@settings(deadline=None, max_examples=60)
@given(some_pauses.flatmap(lambda pauses: st.tuples(st.just(pauses), st.permutations(pauses))))
def test_the_order_in_which_pauses_are_entered_does_not_matter(both: tuple[list[Pause], list[Pause]]) -> None:
    assert limits_with(both[0]) == limits_with(both[1]) == limits_with([*both[0], *both[1]])
