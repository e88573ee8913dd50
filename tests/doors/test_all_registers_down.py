"""All registers down while every service is applied for: nobody is sent for a paper, and all resolve later (R3.18).

Applicants, officers and workers do what they do everywhere: the real actions. What each register knows of an
applicant is what the service's first good worked example says of them.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import pytest

from services import clock
from services.cases.actions import gathering
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.core.evidence import Outcome, Source, Standing
from services.core.states import ENDED, CaseState
from services.evidence.models import Attempt, Evidence
from tests.doors.at_work import live_a_day, work
from tests.doors.everybody import Applicant, everybody
from tests.services.a_register import TODAY, Desk, Register, says

pytestmark = [pytest.mark.faults, pytest.mark.slow]

# Each part by itself, so that they can run side by side: every service is in exactly one of them.
PARTS = 4
SERVICES = 145
LONGEST_LIFE = 60
GRANTED = "granted"


class Outside:
    """Every register there is: down at first, and then with what the worked examples say."""

    def __init__(self) -> None:
        self.is_down = True
        self.by_application: dict[str, Applicant] = {}

    def know(self, applicants: Collection[Applicant]) -> None:
        """Come back, knowing these."""
        self.by_application = {str(one.application): one for one in applicants}
        self.is_down = False

    def respond(self, desk: Desk) -> None:
        if self.is_down:
            return says({}, status=503)(desk)
        if not desk.is_asked:
            return says({"noted": True}, status=201)(desk)
        return says(self._answer(desk.path.split("/")[2], desk.question))(desk)

    def _answer(self, kind: str, question: Mapping[str, str]) -> dict[str, object]:
        one = self.by_application[question["purpose"].removeprefix("application ")]
        if kind in one.example.absent:
            return {"answer": "no_record"}
        proves = one.definition.evidence_types[kind].proves
        facts = {code: one.example.facts[code] for code in proves if code in one.example.facts}
        return {
            "answer": "found", "facts": facts, "record": f"{kind}/1", "issued_on": None, "valid_until": None
        }  # fmt: skip


@pytest.fixture
def outside(published: None, registers: Register, settings: object) -> Outside:
    """Nothing answers: neither the registers nor the offices' records."""
    # Whether a register is down is told by one try as well as by three.
    settings.REGISTRY_TRIES = 1
    clock.start_on(day=TODAY)
    ours = Outside()
    registers.keeps(settings.CATALOGUE_DIR)
    registers.respond = ours.respond
    return ours


def codes_of(part: int) -> list[str]:
    codes = sorted(card.code for card in catalogue.all_cards("en"))
    assert len(codes) == SERVICES
    return codes[part::PARTS]


def file_everything(applicants: Collection[Applicant], now: datetime) -> None:
    """Begin, have registers asked, answer and give what no office holds, and submit."""
    for one in applicants:
        one.begins(now)
    while gathering.gather_evidence(now=now):
        continue
    for one in applicants:
        draft = one.draft()
        if one.answers(draft.unanswered, now):
            draft = one.draft()
        assert not [wanted.code for wanted in draft.missing if is_held_by_an_office(one, wanted.code)], (
            one.code
        )
        one.gives(draft.missing, now)
        one.files(now)
    work(now)


def is_held_by_an_office(one: Applicant, requirement: str) -> bool:
    """Return whether some office's register can settle the requirement."""
    definition = one.definition
    kinds = [code for entry in definition.requirement[requirement].any_of for code in entry]
    return any(definition.evidence_types[code].registered for code in kinds)


def open_requirements(case: Case) -> list[str]:
    return [code for code, told in case.settlements.items() if told["standing"] == Standing.OPEN]


def live_to_the_end(applicants: Collection[Applicant]) -> None:
    """Let day after day pass until every case has ended; who is asked for something gives it."""
    for _ in range(LONGEST_LIFE):
        now = clock.shift(days=1)
        work(now)
        under_way = {case.service: case for case in Case.objects.exclude(state__in=ENDED)}
        for one in applicants:
            if one.code in under_way and open_requirements(under_way[one.code]):
                one.gives_what_is_open(now)
        live_a_day(now)
        if not Case.objects.exclude(state__in=ENDED).exists():
            return


def uploaded(one: Applicant) -> set[str]:
    rows = Evidence.objects.filter(application_id=one.application, source=Source.UPLOAD)
    return set(rows.values_list("type", flat=True))


@pytest.mark.parametrize("part", range(PARTS))
def test_with_all_registers_down_all_are_filed_none_is_asked_for_paper_and_all_resolve(outside, part):
    now = clock.now()
    applicants = everybody(codes_of(part), now)

    file_everything(applicants, now)

    cases = {case.service: case for case in Case.objects.all()}
    assert {code: case.state for code, case in cases.items()} == {
        one.code: CaseState.RECEIVED for one in applicants
    }
    for one in applicants:
        asked = [code for code in open_requirements(cases[one.code]) if is_held_by_an_office(one, code)]
        assert (one.code, asked) == (one.code, [])
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {Outcome.DOWN}

    outside.know(applicants)
    live_to_the_end(applicants)

    ended = {case.service: case for case in Case.objects.all()}
    told = {code: (case.state, case.verdict or GRANTED, case.visits) for code, case in ended.items()}
    assert told == {one.code: (CaseState.CLOSED, GRANTED, one.example.visits) for one in applicants}
    assert {one.code: uploaded(one) - set(one.example.asks) for one in applicants if uploaded(one)} == {
        one.code: set() for one in applicants if uploaded(one)
    }
