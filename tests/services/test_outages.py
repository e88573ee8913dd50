"""A dead register costs no worker ten seconds again and again: it rests, and one at a time tries it (R3.18)."""

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.core.evidence import Outcome
from services.core.facts import Holder
from services.evidence.actions import Wanted
from services.evidence.models import Attempt, Outage
from tests.services.a_register import FOUND, ID_CARD, NOW, VEHICLE, VIN, Desk, Register, obtain, says
from tests.services.together import together

pytestmark = pytest.mark.django_db

DEAD, ALIVE = says({}, 503), says(FOUND)
REST = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def numbers(register: Register, settings: object) -> None:
    """Let a register rest after three failures, half a minute at first and two at the most; try it once each time."""
    settings.REGISTRY_FAILURES_BEFORE_REST = 3
    settings.REGISTRY_REST_SECONDS = 30
    settings.REGISTRY_LONGEST_REST_SECONDS = 120
    settings.REGISTRY_TRIES = 1


def ask(holder: Holder, at: datetime = NOW) -> Outcome:
    """Ask for somebody's identity card in an application of its own."""
    [outcome] = obtain(Wanted(ID_CARD, holder), application_id=uuid4(), now=at)
    return outcome


def fail(holder: Holder, times: int = 3, at: datetime = NOW) -> None:
    for _ in range(times):
        assert ask(holder, at) is Outcome.DOWN


def test_after_three_failures_in_a_row_a_register_is_down_without_a_call(register: Register, ayse: Holder):
    register.will(DEAD)
    fail(ayse)

    assert [ask(ayse) for _ in range(5)] == [Outcome.DOWN] * 5

    assert len(register.asked) == 3
    assert list(Attempt.objects.order_by("asked").values_list("asked", flat=True)) == [False] * 5 + [True] * 3


def test_an_answer_in_between_begins_the_count_anew(register: Register, ayse: Holder):
    register.will(DEAD, DEAD, ALIVE, DEAD, DEAD, ALIVE)

    outcomes = [ask(ayse) for _ in range(6)]

    assert outcomes == [Outcome.DOWN, Outcome.DOWN, Outcome.FOUND] * 2
    assert not Outage.objects.exists()


@pytest.mark.parametrize("said", ["no_record", "contradiction"])
def test_no_record_is_an_answer_and_no_failure(said: str, register: Register, ayse: Holder):
    register.will(says({"answer": said}))

    for _ in range(5):
        ask(ayse)

    assert len(register.asked) == 5


def test_after_its_rest_one_question_tries_it_and_its_answer_lets_all_through(
    register: Register, ayse: Holder
):
    register.will(DEAD, DEAD, DEAD, ALIVE)
    fail(ayse)

    assert ask(ayse, NOW + REST - timedelta(seconds=1)) is Outcome.DOWN
    assert ask(ayse, NOW + REST) is Outcome.FOUND
    assert ask(ayse, NOW + REST) is Outcome.FOUND


def test_each_time_it_fails_again_it_rests_for_longer_up_to_the_longest(register: Register, ayse: Holder):
    register.will(DEAD)
    fail(ayse)
    rests = []
    for _ in range(4):
        until = Outage.objects.get().rests_until
        fail(ayse, times=1, at=until)
        rests.append((Outage.objects.get().rests_until - until).total_seconds())

    assert rests == [60, 120, 120, 120]


def test_it_is_known_since_when_a_register_is_down(register: Register, ayse: Holder):
    register.will(DEAD)
    fail(ayse, times=1)
    fail(ayse, times=2, at=NOW + timedelta(minutes=5))

    outage = Outage.objects.get()

    assert (outage.register, outage.outcome, outage.failures) == ("id-card", "down", 3)
    assert (outage.since, outage.last_at) == (NOW, NOW + timedelta(minutes=5))


def test_one_register_at_rest_keeps_no_other_from_being_asked(register: Register, ayse: Holder):
    register.will(DEAD)
    register.will(says({"answer": "no_record"}), kind=VEHICLE)
    fail(ayse)

    assert obtain(Wanted(ID_CARD, ayse), Wanted(VEHICLE, ayse, VIN)) == [Outcome.DOWN, Outcome.NO_RECORD]


def test_of_several_questions_at_once_only_one_tries_it(register: Register, ayse: Holder):
    register.will(DEAD, kind=VEHICLE)
    for _ in range(3):
        obtain(Wanted(VEHICLE, ayse, VIN), application_id=uuid4())

    obtain(*(Wanted(VEHICLE, ayse, f"LSVAA4182E218480{number}") for number in range(5)), now=NOW + REST)

    assert len(register.asked) == 4


def test_only_one_of_two_workers_tries_it(transactional_db: None, register: Register, ayse: Holder):
    register.will(DEAD)
    fail(ayse)
    other_is_done = threading.Event()

    def answer(desk: Desk) -> None:
        assert other_is_done.wait(timeout=30)
        says(FOUND)(desk)

    register.will(answer)

    def work() -> Outcome:
        outcome = ask(ayse, NOW + REST)
        other_is_done.set()
        return outcome

    assert sorted(together(2, work)) == [Outcome.DOWN, Outcome.FOUND]
    assert len(register.asked) == 4


def test_whoever_tried_it_and_died_gives_it_back(register: Register, ayse: Holder):
    register.will(DEAD, DEAD, DEAD, ALIVE)
    fail(ayse)
    Outage.objects.update(tried_until=NOW + REST + timedelta(seconds=20))

    assert ask(ayse, NOW + REST) is Outcome.DOWN
    assert ask(ayse, NOW + REST + timedelta(seconds=20)) is Outcome.FOUND


def test_two_workers_who_fail_at_once_count_two_failures(
    transactional_db: None, register: Register, ayse: Holder
):
    both_asked = threading.Barrier(2, timeout=30)

    def answer(desk: Desk) -> None:
        both_asked.wait()
        says({}, 503)(desk)

    register.will(answer)

    together(2, lambda: ask(ayse))

    assert Outage.objects.get().failures == 2
