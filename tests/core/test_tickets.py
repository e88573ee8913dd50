"""Whose turn it is at a window, and about how long the others wait (R6.7, R6.8)."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import tickets
from services.core.appointments import Need, Opening, Window
from services.core.tickets import (
    MOVES,
    OPEN,
    Desk,
    Promise,
    TicketCannotMove,
    TicketState,
    Waiting,
    booking_code,
    check_ticket_move,
    in_turn,
    next_ticket,
    waits,
)

NINE, TEN, GRACE = 540, 600, 15
ALWAYS = (Opening(frozenset(range(1, 8)), time(0), time(23, 59)),)


def need(purpose: str = "signature", minutes: int = 20, equipment: str = "") -> Need:
    return Need(
        purposes=frozenset({purpose}), minutes=minutes, organisation="office",
        equipment=frozenset({equipment} - {""}),
    )  # fmt: skip


def window(code: str = "desk-1", *skills: str, walk_ins: bool = False) -> Window:
    return Window(
        code=code, centre="hall", skills=frozenset(skills or {"signature", "original"}), hours=ALWAYS, minutes=20,
        for_walk_ins=walk_ins,
    )  # fmt: skip


def walk_in(number: int, arrived: int, *needs: Need) -> Waiting:
    return Waiting(number=number, arrived=arrived, needs=needs or (need(),))


def booked(number: int, due: int, arrived: int) -> Waiting:
    return Waiting(number=number, arrived=arrived, needs=(need(),), due=due)


def numbers(found: list[Waiting]) -> list[int]:
    return [one.number for one in found]


# --- The order of turns ----------------------------------------------------------------------------------


def test_who_booked_and_is_there_is_called_first_at_their_time():
    early, walked = booked(1, due=TEN, arrived=NINE), walk_in(2, NINE)

    assert numbers(in_turn([walked, early], now=TEN, grace=GRACE)) == [1, 2]
    assert numbers(in_turn([walked, early], now=TEN - 1, grace=GRACE)) == [2, 1]


def test_who_is_late_within_the_grace_is_served_as_booked_and_after_it_in_the_order_of_coming():
    within, after = booked(1, due=TEN, arrived=TEN + GRACE), booked(2, due=TEN, arrived=TEN + GRACE + 1)
    before_them, after_them = walk_in(3, TEN), walk_in(4, TEN + GRACE + 2)

    found = in_turn([after_them, before_them, after, within], now=TEN + 30, grace=GRACE)

    assert numbers(found) == [1, 3, 2, 4]


def test_a_window_for_whoever_comes_unasked_takes_them_first():
    """R6.7: service may not be refused to whoever comes without booking."""
    waiting = [booked(1, due=TEN, arrived=NINE), walk_in(2, TEN - 5)]

    called = next_ticket(window(walk_ins=True), waiting, now=TEN, grace=GRACE)

    assert called is not None
    assert called.number == 2


def test_a_window_calls_nobody_for_whom_it_can_do_nothing():
    waiting = [walk_in(1, NINE, need("exam")), walk_in(2, NINE, need(equipment="scanner")), walk_in(3, TEN)]

    called = next_ticket(window(), waiting, now=TEN, grace=GRACE)

    assert called is not None
    assert called.number == 3
    assert next_ticket(window(), waiting[:2], now=TEN, grace=GRACE) is None


def test_a_question_is_answered_at_any_window():
    """R6.5: no turning away."""
    asks = Waiting(number=1, arrived=NINE)

    assert next_ticket(window("room-1", "exam"), [asks], now=NINE, grace=GRACE) == asks


def test_nobody_is_called_who_would_still_be_there_when_the_window_is_promised():
    waiting, promise = [walk_in(1, NINE)], Promise("desk-1", TEN)

    assert next_ticket(window(), waiting, now=TEN - 19, grace=GRACE, promises=[promise]) is None
    assert next_ticket(window(), waiting, now=TEN - 20, grace=GRACE, promises=[promise]) == waiting[0]
    elsewhere = Promise("desk-2", TEN)
    assert next_ticket(window(), waiting, now=TEN - 19, grace=GRACE, promises=[elsewhere]) == waiting[0]
    # Who does not come to their time keeps nobody else waiting.
    assert next_ticket(window(), waiting, now=TEN, grace=GRACE, promises=[promise]) == waiting[0]


def test_who_is_early_may_be_called_before_their_time_when_nobody_else_waits():
    early = booked(1, due=TEN, arrived=NINE)

    own = [Promise("desk-1", TEN, number=1)]

    assert next_ticket(window(), [early], now=TEN - 10, grace=GRACE, promises=own) == early


# --- How long it takes -----------------------------------------------------------------------------------


def test_each_waits_for_those_before_them():
    queue = [walk_in(number, NINE + number) for number in (1, 2, 3)]

    assert waits(queue, [Desk(window(), NINE + 10)], now=NINE + 5, grace=GRACE) == {1: 5, 2: 25, 3: 45}


def test_two_windows_halve_the_wait_and_the_able_one_is_waited_for():
    queue = [walk_in(1, NINE), walk_in(2, NINE), walk_in(3, NINE, need("exam"))]
    desks = [Desk(window("a"), NINE), Desk(window("b", "signature", "exam"), NINE)]

    assert waits(queue, desks, now=NINE, grace=GRACE) == {1: 0, 2: 0, 3: 20}


def test_where_no_open_window_can_take_it_nothing_is_promised():
    assert waits([walk_in(1, NINE, need("exam"))], [Desk(window(), NINE)], now=NINE, grace=GRACE) == {1: None}
    assert waits([walk_in(1, NINE)], [], now=NINE, grace=GRACE) == {1: None}


def test_a_promise_is_waited_out():
    queue, promises = [walk_in(1, NINE)], [Promise("desk-1", NINE + 10)]

    assert waits(queue, [Desk(window(), NINE)], now=NINE, grace=GRACE, promises=promises) == {1: 10}


# --- What always holds -----------------------------------------------------------------------------------

PURPOSES = ("signature", "original", "exam")
needs_of = st.lists(st.builds(need, st.sampled_from(PURPOSES), st.integers(1, 40)), max_size=3).map(tuple)
dues = st.none() | st.integers(NINE, TEN + 60)


@st.composite
def halls(draw: st.DrawFn) -> tuple[list[Waiting], list[Window], list[Promise], int]:
    now = draw(st.integers(NINE, TEN))
    many = draw(st.integers(0, 8))
    waiting = [
        Waiting(
            number=number, arrived=draw(st.integers(NINE - 30, now)), needs=draw(needs_of), due=draw(dues)
        )
        for number in range(1, many + 1)
    ]
    windows = [
        window(f"desk-{number}", *draw(st.sets(st.sampled_from(PURPOSES), min_size=1)), walk_ins=draw(st.booleans()))
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]  # fmt: skip
    at = st.integers(NINE, TEN + 60)
    promises = draw(
        st.lists(st.builds(Promise, st.sampled_from([one.code for one in windows]), at), max_size=5)
    )
    return waiting, windows, promises, now


@given(halls())
def test_whoever_is_called_can_be_served_there_and_nobody_with_the_same_right_was_before_them(hall):
    waiting, windows, promises, now = hall
    for one in windows:
        called = next_ticket(one, waiting, now=now, grace=GRACE, promises=promises)
        if called is None:
            continue
        assert called.minutes_at(one) > 0
        before = in_turn(waiting, now=now, grace=GRACE, walk_ins_first=one.for_walk_ins)
        passed_over = before[: before.index(called)]
        starts = [each.starts for each in promises if each.window == one.code and each.starts > now]
        for other in passed_over:
            minutes = other.minutes_at(one)
            assert not minutes or any(now + minutes > start for start in starts)


@given(halls())
def test_at_a_window_that_is_not_promised_walk_ins_are_called_as_they_came(hall):
    waiting, windows, _, now = hall
    queue = [one for one in waiting if one.due is None]
    for one in windows:
        order = []
        left = list(queue)
        while called := next_ticket(one, left, now=now, grace=GRACE):
            left.remove(called)
            order.append((called.arrived, called.number))
        assert order == sorted(order)
        assert all(not each.minutes_at(one) for each in left)


@given(halls())
def test_everybody_whom_an_open_window_can_take_is_told_a_wait_and_the_next_one_none(hall):
    waiting, windows, promises, now = hall
    told = waits(waiting, [Desk(one, now) for one in windows], now=now, grace=GRACE, promises=promises)

    for one in waiting:
        able = any(one.minutes_at(each) for each in windows)
        assert (told[one.number] is not None) == able
    first = next_ticket(
        min(windows, key=lambda one: one.code), waiting, now=now, grace=GRACE, promises=promises
    )
    assert first is None or told[first.number] == 0


# --- States and codes ------------------------------------------------------------------------------------


def test_every_state_is_in_the_table_and_what_is_over_stays_over():
    assert set(MOVES) == set(TicketState)
    assert {TicketState.WAITING, TicketState.CALLED, TicketState.SERVING} == OPEN
    check_ticket_move(before=TicketState.SERVING, after=TicketState.WAITING)
    with pytest.raises(TicketCannotMove, match="done"):
        check_ticket_move(before=TicketState.DONE, after=TicketState.WAITING)


@given(st.integers(0, 2**128 - 1))
def test_a_code_is_short_and_nothing_in_it_is_misread(value):
    code = booking_code(value)

    assert len(code) == tickets.CODE_LENGTH
    assert set(code) <= set(tickets.ALPHABET)
    assert not set(code) & set("01OI")
