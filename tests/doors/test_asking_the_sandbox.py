"""Portal and world outside understand each other: what the sandbox signs is believed, and none of its lies."""

from uuid import uuid4

import pytest

from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.population import Population
from portal.sandbox.seeding.records import Recording
from portal.sandbox.seeding.shapes import read_facts, read_registers
from portal.sandbox.seeding.sizes import SMALL
from portal.sandbox.seeding.values import read_rules
from services.catalogue.folder import read_folder
from services.core.evidence import Outcome
from services.evidence.registries import Question, RegisterAnswer, ask_registers
from services.evidence.registries.answers import read_answer
from tests.doors.outside_world import TOKEN
from tests.doors.test_made_up_world import TODAY
from tests.services.a_register import evidence_type

pytestmark = pytest.mark.slow

DRIVING = evidence_type(
    "driving-licence", organisation="registry-office", proves=("person.full_name", "person.driving_class")
)


@pytest.fixture
def ask(sandbox: object, settings: object):
    """Ask the sandbox's driving licences about somebody who has one."""
    settings.REGISTRY_URL, settings.REGISTRY_TOKEN = sandbox.address, TOKEN
    settings.REGISTRY_TRIES = 1
    number = sandbox.holders(need="driving-licence", n="1")[0]["number"]

    def answer() -> RegisterAnswer:
        question = Question(type=DRIVING, holder_kind="person", number=number, matter_id=uuid4())
        [found] = ask_registers(questions=[question])
        return found

    return answer


def test_what_the_sandbox_signs_is_believed(ask):
    answer = ask()

    assert answer.outcome is Outcome.FOUND
    assert set(answer.facts) == set(DRIVING.proves)
    assert answer.reference.startswith("DRIVING-LICENCE/")


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("down", Outcome.DOWN),
        ("empty", Outcome.NO_RECORD),
        ("contradiction", Outcome.CONTRADICTION),
        ("lying", Outcome.DISTRUSTED),
        ("stale", Outcome.DISTRUSTED),
        # properly signed by its office: nobody but the person can tell, and may dispute it (R3.15)
        ("wrong", Outcome.FOUND),
    ],
)
def test_each_way_to_fail_is_what_it_is_to_the_portal(mode: str, outcome: Outcome, ask, sandbox):
    with sandbox.switched("driving-licence", mode):
        assert ask().outcome is outcome


def test_everything_in_the_made_up_world_is_of_the_form_that_the_catalogue_gives_it(root):
    folder = root / "services" / "catalogue" / "definitions"
    catalogue = read_folder(folder)
    kinds, facts = catalogue.reference.evidence_types, catalogue.reference.facts
    rows = Recording(Population(Chance("onevisit"), TODAY, SMALL), read_facts(folder), read_rules())

    seen = set()
    for record in rows.records(read_registers(folder)):
        if record.register not in kinds:
            continue
        seen.add(record.register)
        forms = tuple(facts[code] for code in kinds[record.register].proves)
        asked = Question(
            type=kinds[record.register], holder_kind="person", number="1", matter_id=uuid4(), forms=forms
        )
        assert read_answer({"answer": "found", "facts": record.facts}, asked).facts == record.facts
    assert len(seen) > 80
