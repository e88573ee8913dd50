"""A register that is dead, slow or lying: every case goes on, nothing is granted on it, nobody waits (R3.18)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from services import clock
from services.cases.actions import drafting, gathering
from services.cases.models import Case, OutboxItem
from services.cases.queries import drafts
from services.core.evidence import Outcome, Source, Standing
from services.evidence.models import Attempt, Outage
from services.evidence.queries.registers import outages
from services.people.models import Account
from services.people.queries import AccountView
from tests.services.a_matter import begin, days, file, noon, state_of, work
from tests.services.a_register import FALSE_KEY, FOUND, NOW, Desk, Register, evidence_type, forges, says

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

HOME = {"application.home": "1 Orchard Lane"}
ID_CARDS = evidence_type("id-card", organisation="records-office")
DEAD, LYING = says({}, 503), forges(key=FALSE_KEY)


def standing(case: Case) -> str:
    case.refresh_from_db()
    return case.settlements["identity"]["standing"]


@pytest.mark.parametrize("failing", [DEAD, LYING], ids=["dead", "lying"])
def test_filing_goes_on_without_it_and_asks_for_no_paper(
    failing: object, ayshe: AccountView, register: Register
):
    register.will(failing, kind=ID_CARDS)

    case = file(ayshe, "home-record", HOME)

    assert (state_of(case), standing(case)) == ("received", Standing.FETCHING)
    assert "asks" not in case.settlements["identity"]


def test_what_a_lying_register_says_grants_nothing_and_is_flagged(ayshe: AccountView, register: Register):
    register.will(LYING, kind=ID_CARDS)

    case = file(ayshe, "home-record", HOME)
    for hour in (1, 2, 3):
        work(NOW + timedelta(hours=hour))

    assert (state_of(case), case.verdict) == ("received", "")
    assert set(Attempt.objects.filter(asked=True).values_list("outcome", flat=True)) == {Outcome.DISTRUSTED}
    assert (outages().down, outages().distrusted) == (0, 1)


def test_once_it_signs_again_the_case_is_decided(ayshe: AccountView, register: Register):
    register.will(LYING, kind=ID_CARDS)
    case = file(ayshe, "home-record", HOME)
    register.will(says(FOUND), kind=ID_CARDS)

    work(NOW + days(1))

    assert (state_of(case), standing(case)) == ("closed", Standing.SETTLED)
    assert not Outage.objects.exists()


def test_after_its_days_the_applicant_may_prove_it_and_a_late_answer_still_counts(
    ayshe: AccountView, register: Register
):
    register.will(DEAD, kind=ID_CARDS)
    case = file(ayshe, "home-record", HOME)
    work(noon(5))
    assert standing(case) == Standing.FETCHING

    # Friday: the three working days after Monday are over
    work(noon(6))

    assert standing(case) == Standing.OPEN
    assert case.settlements["identity"]["asks"] == [["id-card", Source.UPLOAD]]
    assert "register:id-card" in case.waits_for

    register.will(says(FOUND), kind=ID_CARDS)
    work(noon(7))

    assert (state_of(case), standing(case)) == ("closed", Standing.SETTLED)


def test_in_a_draft_nothing_is_asked_however_long_the_register_is_dead(
    ayshe: AccountView, register: Register
):
    register.will(DEAD, kind=ID_CARDS)
    application = begin(ayshe, "home-record", HOME)

    clock.shift(days=30)

    assert drafts.draft(viewer=ayshe, application_id=application).missing == ()


def test_when_a_register_answers_again_those_who_wait_for_it_need_not_wait_out_their_pause(
    ayshe: AccountView, register: Register, settings: object
):
    settings.REGISTRY_FAILURES_BEFORE_REST = 1
    register.will(DEAD, kind=ID_CARDS)
    case = file(ayshe, "home-record", HOME)
    OutboxItem.objects.filter(done_at__isnull=True).update(due_at=NOW + days(1))
    register.will(says(FOUND), kind=ID_CARDS)

    gathering.hasten_evidence(register="household-register", now=NOW)
    assert not OutboxItem.objects.filter(kind="gather", done_at__isnull=True, due_at__lte=NOW).exists()
    gathering.hasten_evidence(register="id-card", now=NOW + timedelta(hours=1))
    work(NOW + timedelta(hours=1))

    assert state_of(case) == "closed"


def test_however_many_wait_for_a_register_all_of_them_are_hastened(
    ayshe: AccountView, register: Register, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gathering, "HASTENED_AT_ONCE", 2)
    register.will(DEAD, kind=ID_CARDS)
    for number in range(5):
        file(ayshe, "home-record", {"application.home": f"{number} Orchard Lane"})
    OutboxItem.objects.filter(done_at__isnull=True).update(due_at=NOW + days(1))

    gathering.hasten_evidence(register="id-card", now=NOW)

    waiting = OutboxItem.objects.filter(kind="gather", done_at__isnull=True)
    assert (waiting.count(), waiting.filter(due_at__lte=NOW).count()) == (5, 5)


def test_an_item_is_taken_when_its_turn_comes_and_not_before(prefecture: Register):
    """Whoever asks a slow register holds back nothing but what they are asking it: others may take the rest."""
    for number in range(3):
        OutboxItem.objects.create(kind="tell", dedup_key=f"tell:{number}", due_at=NOW)
    others: list[int] = []

    def work(item: OutboxItem, now: datetime) -> bool:
        free = OutboxItem.objects.filter(done_at__isnull=True, lease_until__isnull=True)
        others.append(free.count())
        return True

    assert gathering.work_off("tell", work, NOW) == 3
    assert others == [2, 1, 0]


def test_whose_lease_ran_out_settles_nothing_that_another_has_taken(prefecture: Register):
    OutboxItem.objects.create(kind="tell", dedup_key="tell:1", due_at=NOW)
    another = NOW + days(1)

    def work(item: OutboxItem, now: datetime) -> bool:
        OutboxItem.objects.filter(id=item.id).update(lease_until=another)
        return True

    gathering.work_off("tell", work, NOW)

    item = OutboxItem.objects.get()
    assert (item.done_at, item.lease_until) == (None, another)


class SlowRegister:
    """A register that holds its answer until the test lets go, and a worker that is asking it."""

    def __init__(self, register: Register) -> None:
        self.register, self.is_asked, self.let_go = register, threading.Event(), threading.Event()
        register.will(self.answer, kind=ID_CARDS)

    def answer(self, desk: Desk) -> None:
        self.is_asked.set()
        assert self.let_go.wait(timeout=60)
        says(FOUND)(desk)

    @contextmanager
    def being_asked(self) -> Iterator[None]:
        """Let a worker ask, and be held, as long as this lasts."""
        worker = threading.Thread(target=self._work)
        worker.start()
        try:
            assert self.is_asked.wait(timeout=60)
            yield
        finally:
            self.let_go.set()
            worker.join()

    def _work(self) -> None:
        gathering.gather_evidence(now=NOW)
        connection.close()


def test_no_web_request_waits_for_a_register_that_takes_its_time(
    transactional_db: None, ayshe: AccountView, register: Register
):
    """Whatever is answered while the register holds back has not waited for it: the clock is not asked."""
    slow, client = SlowRegister(register), Client()
    client.force_login(Account.objects.get(id=ayshe.id))
    application = drafting.start_application(viewer=ayshe, services=["home-record"], now=NOW)
    drafting.answer_questions(viewer=ayshe, application_id=application, answers=HOME, now=NOW)

    assert client.post(f"/apply/{application}/fetch/").status_code == 302
    assert register.asked == []  # asking is the workers' work

    with slow.being_asked():
        assert client.get(f"/apply/{application}/check/").status_code == 200
        assert client.post(f"/apply/{application}/check/").status_code == 302
        case = Case.objects.get(application=application)
        assert client.get(f"/my/cases/{case.id}/").status_code == 200
        assert (state_of(case), len(register.asked)) == ("received", 1)
    work()

    assert state_of(case) == "closed"
