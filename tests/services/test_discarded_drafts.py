"""Drafts that are thrown away leave nothing behind but what another case rests on."""

from uuid import UUID

import pytest

from services.cases.actions import drafting, evidence, gathering, retention
from services.cases.models import Application, Case, OutboxItem
from services.evidence.models import Attempt, Declaration, Evidence, Preview, Upload
from services.people.models import Person
from tests.services.a_gift import HOME, PARTNER, WORKS
from tests.services.a_matter import begin, days, file, give, submit
from tests.services.a_register import NOW

pytestmark = pytest.mark.usefixtures("folder")


def kept_of(application):
    records = (Evidence, Upload, Declaration, Preview, Attempt)
    return {one.__name__ for one in records if one.objects.filter(application_id=application).exists()}


def a_full_draft(viewer):
    application = begin(viewer, "works-permit", WORKS)
    give(viewer, application)
    evidence.confirm_findings(viewer=viewer, application_id=application, now=NOW)
    return application


def test_a_discarded_draft_leaves_nothing_behind(
    ayshe, folder, prefecture, django_capture_on_commit_callbacks
):
    """R15.10"""
    application = a_full_draft(ayshe)
    assert kept_of(application) == {"Evidence", "Upload", "Preview", "Attempt"}
    drafting.request_evidence(viewer=ayshe, application_id=application, now=NOW)
    asked = len(prefecture.asked)

    with django_capture_on_commit_callbacks(execute=True):
        drafting.discard_draft(viewer=ayshe, application_id=application)
    gathering.gather_evidence(now=NOW)

    assert kept_of(application) == set()
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    assert not OutboxItem.objects.filter(done_at__isnull=True).exists()
    assert len(prefecture.asked) == asked


def test_what_another_case_rests_on_outlives_the_draft_it_was_fetched_for(ayshe):
    """R15.10 throws away what is not needed, and a filed case needs what settled it."""
    draft = a_full_draft(ayshe)
    case = file(ayshe, "home-record", HOME)
    proof = UUID(case.settlements["identity"]["evidence"][0]["id"])
    assert Evidence.objects.get(id=proof).application_id == draft

    drafting.discard_draft(viewer=ayshe, application_id=draft)

    assert Evidence.objects.filter(id=proof).exists()
    assert kept_of(draft) == {"Evidence"}


def test_a_declaration_goes_with_its_draft(ayshe):
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    assert "Declaration" in kept_of(application)

    drafting.discard_draft(viewer=ayshe, application_id=application)

    assert kept_of(application) == set()


def test_a_draft_nobody_touched_for_ninety_days_is_thrown_away(ayshe):
    """R15.10"""
    filed, idle = submit(ayshe, a_full_draft(ayshe)), a_full_draft(ayshe)
    fresh = begin(ayshe, "home-record", HOME, now=NOW + days(10))
    assert retention.warn_idle_drafts(now=NOW + days(77)) == 1

    assert drafting.discard_idle_drafts(now=NOW + days(90)) == 0
    assert drafting.discard_idle_drafts(now=NOW + days(92)) == 1

    assert kept_of(idle) == set()
    assert set(Application.objects.values_list("id", flat=True)) == {fresh, filed.application_id}


def test_what_a_co_signers_own_case_rests_on_outlives_the_draft(ayshe):
    """R3.17: evidence about somebody is used again in their own matter, in whoever's draft it was found."""
    draft = a_full_draft(ayshe)
    signer = Person.objects.create(document_kind="passport", number_index="bo")
    shared = Evidence.objects.create(
        application_id=draft, type="id-card", organisation="police", holder_kind="person", holder_id=signer.id,
        source="registry", grade="A", facts={}, obtained_at=NOW, obtained_on=NOW.date(), reusable=True,
    )  # fmt: skip
    theirs = file(ayshe, "home-record", HOME)
    Application.objects.filter(id=theirs.application_id).update(person=signer)
    Case.objects.filter(id=theirs.id).update(settlements={"identity": {"evidence": [{"id": str(shared.id)}]}})

    drafting.discard_draft(viewer=ayshe, application_id=draft)

    assert Evidence.objects.filter(id=shared.id).exists()
