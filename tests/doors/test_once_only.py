"""R12.6, R3.1: what we issue is evidence of grade A the same second. A company is founded, and its licence is asked for
nowhere again: in five later services nobody wants a paper, or an answer, that it proves."""

import pytest

from services import clock
from services.cases.actions import drafting, gathering, reviewing
from services.cases.models import Case
from services.cases.queries import drafts
from services.catalogue import queries as catalogue
from services.certificates.models import Certificate
from services.core.evidence import Grade, Source, Standing
from services.evidence.models import Attempt
from tests.doors.conftest import recorded
from tests.services.a_matter import give, submit, task_of, work

LATER = (
    "taxpayer-information-confirmation", "customs-declarant-filing", "foreign-trade-operator-filing",
    "freight-forwarder-filing", "employer-social-insurance-registration",
)  # fmt: skip


@pytest.fixture
def founder(published, registers, resident, settings):
    registers.keeps(settings.CATALOGUE_DIR)
    recorded(registers, "id-card", **{"person.full_name": "Resident Test", "person.birth_date": "1985-06-15"})
    return resident()


def begun(viewer, service, business=None):
    """Begin an application as its first worked example answers it, and have everything fetched."""
    now, version = clock.now(), catalogue.current_version_id(service)
    definition = catalogue.definition(version)
    facts = definition.examples[0].facts
    draft = drafting.start_application(viewer=viewer, services=[service], business_id=business, now=now)
    answers = {one.fact: facts[one.fact] for one in definition.questions if one.fact in facts}
    drafting.answer_questions(viewer=viewer, application_id=draft, answers=answers, now=now)
    drafting.request_evidence(viewer=viewer, application_id=draft, now=now)
    gathering.gather_evidence(now=now)
    return draft


def founded(viewer, registers, officer) -> Case:
    """Found a company as the law has it."""
    facts = catalogue.definition(catalogue.current_version_id("company-registration")).examples[0].facts
    recorded(registers, "company-name-reservation", **{
        "application.company_name": facts["application.company_name"],
    })  # fmt: skip
    draft = begun(viewer, "company-registration")
    give(viewer, draft, now=clock.now())
    case = submit(viewer, draft, now=clock.now())
    market = officer("reviewer", "market-regulation")
    reviewing.complete_task(
        viewer=market, task_id=task_of(case, "review"), favorable=True, note="", now=clock.now()
    )
    work(clock.now())
    return case


def test_a_company_shows_its_licence_to_nobody(founder, registers, officer):
    case = founded(founder, registers, officer)
    licence = Certificate.objects.get(case_id=case.id)
    proved = set(catalogue.definition(case.service_version_id).evidence_types["business-licence"].proves)

    for service in LATER:
        draft = begun(founder, service, licence.holder_id)
        view = drafts.draft(viewer=founder, application_id=draft)
        [base] = [
            one for one in view.requirements if one.evidence and one.evidence[0].type == "business-licence"
        ]
        assert (base.standing, base.ways) == (Standing.SETTLED, ()), service
        assert [(one.id, one.source, one.grade) for one in base.evidence] == [
            (licence.id, Source.ISSUED, Grade.A)
        ], service
        assert not proved & {one.fact.code for one in view.questions}, service

        give(founder, draft, now=clock.now())
        filed = submit(founder, draft, now=clock.now())

        [settled] = [
            one for one in filed.settlements.values()
            if [item["type"] for item in one.get("evidence", ())] == ["business-licence"]
        ]  # fmt: skip
        assert [(item["id"], item["source"], item["grade"]) for item in settled["evidence"]] == [
            (str(licence.id), "issued", "A")
        ], service

    assert Case.objects.count() == 1 + len(LATER)
    assert not Attempt.objects.filter(type="business-licence").exists()


def test_a_business_that_is_only_named_is_asked_about_at_its_register(founder, registers):
    """R3.1: the number is enough; that nobody has claimed the business here makes no paper of what its office holds."""
    recorded(registers, "business-licence", **{"business.name": "Example Hair Studio"})
    draft = begun(founder, "startup-guaranteed-loan")
    [licence] = [
        one
        for one in drafts.draft(viewer=founder, application_id=draft).requirements
        if one.code == "licence"
    ]
    assert (licence.standing, licence.ways) == (Standing.FETCHING, ())
    give(founder, draft, now=clock.now())
    case = submit(founder, draft, now=clock.now(), with_gaps=True)

    [proof] = case.settlements["licence"]["evidence"]
    assert (proof["type"], proof["source"], proof["grade"]) == ("business-licence", "registry", "A")
    assert Attempt.objects.get(type="business-licence").holder_kind == "business"
