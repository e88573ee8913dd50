"""How registers do, for those who look after the portal: at the desk, over the wire, and at the machine."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from services import clock
from services.core.evidence import Outcome
from services.core.facts import Holder
from services.evidence.actions import Wanted, obtain
from tests.doors.a_desk import Desk, text_of
from tests.doors.the_api import PROBLEM, Api, told
from tests.services.a_register import FALSE_KEY, FOUND, Register, evidence_type, forges, says

ID_CARD = evidence_type("id-card", organisation="records-office")
HOME = evidence_type("home-record", organisation="records-office", proves=("person.home",))


@pytest.fixture
def asked(town: Register, resident, settings) -> Register:
    """Ask one register that answers, three times, and one that lies, until it is left alone."""
    settings.REGISTRY_TRIES = 1
    person = Holder("person", resident().person_id)
    town.will(says(FOUND), kind=ID_CARD)
    town.will(forges(key=FALSE_KEY), kind=HOME)
    for _ in range(4):
        wanted = [Wanted(ID_CARD, person), Wanted(HOME, person)]
        obtain(application_id=uuid4(), wanted=wanted, now=clock.now() - timedelta(minutes=5))
    return town


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_the_desk_shows_those_that_fail_first_and_since_when(asked, officer, role):
    page = Desk(officer(role, "records-office" if role == "supervisor" else "")).opens("/desk/registers/")

    first = page.context["rows"][0]
    assert (first["register"].code, first["words"], first["tone"]) == ("home-record", "not trusted", "bad")
    said = text_of(page)
    assert "1 register does not answer as it should." in said
    assert "since" in said and "Identity card" in said and "Records Office" in said


def test_when_all_answer_the_desk_says_so(town, officer):
    page = Desk(officer("supervisor", "records-office")).opens("/desk/registers/")

    assert "Every register that was asked answers." in text_of(page)


def test_calls_failures_and_the_median_are_counted_and_what_nobody_called_is_not(asked, officer):
    answer = Api(officer("supervisor", "records-office")).get("/registers")

    found = {one["code"]: one for one in told(answer)["items"]}
    assert (found["home-record"]["calls"], found["home-record"]["failures"]) == (3, 3)
    assert found["home-record"]["condition"] == Outcome.DISTRUSTED
    assert found["home-record"]["medianMs"] is found["home-record"]["answeredAt"] is None
    assert (found["id-card"]["calls"], found["id-card"]["failures"]) == (4, 0)
    assert found["id-card"]["medianMs"] >= 0
    assert (found["id-card"]["condition"], found["id-card"]["since"]) == ("answers", None)
    assert (found["deed"]["condition"], found["deed"]["calls"]) == ("not_asked", 0)


def test_only_calls_of_the_days_asked_for_are_counted(asked, officer):
    clock.shift(days=3)
    api = Api(officer("supervisor", "records-office"))

    assert {one["calls"] for one in told(api.get("/registers", days=2))["items"]} == {0}
    assert max(one["calls"] for one in told(api.get("/registers", days=4))["items"]) == 4
    assert api.get("/registers", days=0).status_code == 400


def test_others_are_told_nothing_of_it(asked, officer, resident):
    answer = Api(officer("clerk", "records-office")).get("/registers")

    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)


def test_everybody_may_know_how_many_fail_and_not_which(asked):
    answer = Client().get("/readyz")

    assert answer.json()["registers"] == {"down": 0, "distrusted": 1}
    assert "home-record" not in answer.content.decode()


def check() -> tuple[list[str], bool]:
    """Run the operator's command; return its lines, and whether all was well."""
    said = io.StringIO()
    try:
        call_command("check_registries", stdout=said)
    except CommandError:
        return said.getvalue().splitlines(), False
    return said.getvalue().splitlines(), True


def test_the_command_knocks_at_every_office_and_says_how_each_register_does(asked):
    before = len(asked.asked)

    lines, well = check()

    assert not well
    assert lines[1].split()[:3] == ["home-record", "records-office", "distrusted"]
    assert next(line for line in lines if line.startswith("id-card")).split()[:3] == [
        "id-card", "records-office", "answers",
    ]  # fmt: skip
    assert lines[-1] == f"{len(lines) - 2} registers, 1 not well; calls of 30 days"
    # one question for each office's keys, none about anybody
    assert len(asked.asked) == before


def test_with_every_office_at_home_its_status_says_so(town):
    assert check()[1]


def test_an_office_that_shows_no_keys_is_not_well(town):
    town.keys = {"keys": []}

    lines, well = check()

    assert not well
    assert "no keys" in lines[1]
