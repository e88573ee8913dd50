"""R12.6, R3.1: what we issue is evidence of grade A the same second. A company is founded, and its licence is asked for
nowhere again: in five later services nobody wants a paper, or an answer, that it proves."""

import pytest

from services import clock
from services.cases.actions import drafting, gathering, reviewing
from services.cases.actions.representing import claim_business
from services.cases.models import Case
from services.cases.queries import drafts
from services.catalogue import queries as catalogue
from services.certificates.models import Certificate
from services.core.evidence import Grade, Source, Standing
from services.core.facts import Holder
from services.evidence.models import Attempt
from services.ledger.queries import readings_about
from services.people.models import Business
from services.people.queries import business_with
from tests.doors.conftest import recorded
from tests.services.a_matter import give, submit, task_of, work
from tests.services.a_register import says

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


@pytest.fixture
def named_in_a_draft(founder):
    """A draft that names the applicant's own business, about which no register was asked yet."""
    now = clock.now()
    definition = catalogue.definition(catalogue.current_version_id("startup-guaranteed-loan"))
    facts = definition.examples[0].facts
    draft = drafting.start_application(viewer=founder, services=["startup-guaranteed-loan"], now=now)
    answers = {one.fact: facts[one.fact] for one in definition.questions if one.fact in facts}
    drafting.answer_questions(viewer=founder, application_id=draft, answers=answers, now=now)
    drafting.request_evidence(viewer=founder, application_id=draft, now=now)
    assert business_with(uscc=facts["application.startup_uscc"])
    return draft


def test_a_business_that_only_a_draft_has_named_goes_with_it(founder, named_in_a_draft):
    """R15.10: no word of a discarded draft stays, the name of a business included."""
    drafting.discard_draft(viewer=founder, application_id=named_in_a_draft)

    assert not Business.objects.exists()


def test_a_business_that_a_draft_names_no_longer_is_forgotten(founder, named_in_a_draft):
    """R15.10"""
    other, now = "92350100M000101Y09", clock.now()
    answers = {"application.startup_uscc": other}
    drafting.answer_questions(viewer=founder, application_id=named_in_a_draft, answers=answers, now=now)
    drafting.request_evidence(viewer=founder, application_id=named_in_a_draft, now=now)

    assert Business.objects.get().uscc == other


def test_a_business_about_which_its_register_was_asked_outlives_the_draft(
    founder, registers, named_in_a_draft
):
    """R15.6: who comes for it later sees that it was asked about, though the register knew nothing."""
    business = Business.objects.get()
    registers.answers["/registers/business-register/query"] = [says({"answer": "no_record"})]
    claim_business(viewer=founder, uscc=business.uscc, now=clock.now())
    gathering.gather_evidence(now=clock.now())

    drafting.discard_draft(viewer=founder, application_id=named_in_a_draft)

    assert readings_about(Holder("business", business.id))
    assert Business.objects.get() == business
