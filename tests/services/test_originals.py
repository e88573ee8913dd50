"""An original seen once, by a clerk or the inspector who comes anyway, is never asked for again (R3.17)."""

import pytest

from services.cases.actions import evidence
from services.cases.actions.giving import NothingOpen
from services.cases.queries import drafts, settlements
from services.core.evidence import Grade, Source, Standing
from services.evidence.models import Evidence
from services.ledger.models import Entry
from tests.services.a_matter import a_picture, begin, noon, officer
from tests.services.a_register import NOW
from tests.services.an_inspection import inspect

HOME = {"application.home": "1 Orchard Lane"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def of(viewer, case, code="identity"):
    sheet = settlements.case_settlements(viewer=viewer, case_id=case.id)
    return next(one for one in sheet.settlements if one.code == code)


def test_an_inspector_makes_a_copy_grade_b_and_it_is_on_record_who_and_when(ayshe, tower):
    assert of(ayshe, tower).proofs[0].grade is Grade.C

    inspect(tower, ["identity"])

    (proof,) = of(officer("works-office"), tower).proofs
    assert (proof.source, proof.grade, proof.reusable) == (Source.SEEN, Grade.B, True)
    assert (proof.checked_by, proof.checked_at) == ("Clerk-Works-Office", noon(5))
    ended = Entry.objects.get(case_id=tower.id, event="inspection_ended")
    assert ended.detail["originals"] == ["identity"]


def test_what_an_inspector_saw_no_service_asks_for_again(prefecture, ayshe, tower):
    inspect(tower, ["identity"])
    asked_before = len(prefecture.asked)

    application = begin(ayshe, "home-record", HOME, now=noon(6))

    draft = drafts.draft(viewer=ayshe, application_id=application)
    (identity,) = draft.requirements
    assert (identity.standing, identity.evidence[0].source, identity.evidence[0].grade) == (
        Standing.SETTLED,
        Source.EARLIER,
        Grade.B,
    )
    assert draft.missing == () and len(prefecture.asked) == asked_before
    sheet = settlements.application_settlements(viewer=ayshe, application_id=application)
    assert sheet.settlements[0].proofs[0].told_by is Source.SEEN


def test_a_copy_that_was_only_looked_at_serves_its_own_case_and_no_other(ayshe, tower):
    inspect(tower, [])

    application = begin(ayshe, "home-record", HOME, now=noon(6))

    assert of(ayshe, tower).proofs[0].grade is Grade.C
    assert [one.code for one in drafts.draft(viewer=ayshe, application_id=application).missing] == [
        "identity"
    ]


def test_it_is_the_original_of_the_copy_that_was_seen(ayshe, tower):
    """Whatever else the requirement would have taken first."""
    inspect(tower, ["plan", "identity"])

    seen = Evidence.objects.filter(source=Source.SEEN).values_list("type", flat=True)
    assert sorted(seen) == ["id-card", "works-plan"]
    plan = Evidence.objects.get(source=Source.SEEN, type="works-plan")
    assert plan.reusable is False  # about this matter alone


def test_sending_a_copy_again_after_that_is_not_asked(ayshe, tower):
    """R3.1."""
    inspect(tower, ["identity"])

    with pytest.raises(NothingOpen):
        evidence.upload_copy(
            viewer=ayshe, application_id=tower.application_id, requirement="identity", type="id-card",
            sent=a_picture(ayshe, shade=7), now=NOW,
        )  # fmt: skip
