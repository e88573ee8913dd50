"""A commitment in place of a proof: read, chosen freely, signed by who may, taken back at will (R4)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.cases.actions import checking, drafting, evidence
from services.cases.actions.checking import NotTheirTurn, Untrue
from services.cases.actions.evidence import NotYoursToSign
from services.cases.models import CommitmentCheck
from services.cases.queries import drafts
from services.cases.queries.visibility import NoSuchCase
from services.catalogue.folder import read_folder
from services.core.definitions import RISKS
from services.core.evidence import Source
from services.core.states import CannotMove
from services.evidence.actions import NotDeclarable, TextHasChanged
from services.evidence.models import Declaration
from services.evidence.queries import declarations
from services.ledger.models import Entry
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import BusinessRecord, Identity, MandateTerms
from services.people.models import Account
from tests.services.a_commitment import commit, granted_on_a_commitment, publish_stalls, stall
from tests.services.a_matter import a_picture, begin, noon, officer, state_of, submit, task_of, work
from tests.services.a_register import NOW, NUMBER, says

WHAT = {"requirement": "insurance", "type": "insurance-record"}
UNTRUE = Untrue(explanation="No insurer knows the stall.")


@pytest.fixture
def stalls(ayshe, prefecture, settings, tmp_path):
    publish_stalls(prefecture, settings, tmp_path)
    return ayshe


@pytest.fixture
def stall_of(stalls):
    return begin(stalls, "stall-permit", {"person.insurer": "Safe"})


def ways_of(viewer, application):
    found = drafts.draft(viewer=viewer, application_id=application).requirements
    return [(way.way, way.type) for one in found if one.code == "insurance" for way in one.ways]


@pytest.mark.parametrize("risk", RISKS)
def test_in_each_of_the_eight_matters_no_commitment_is_published(tmp_path, risk, ayshe, prefecture, settings):
    """R4.2: neither one to the conditions, nor one in place of a proof."""
    town = publish_stalls(prefecture, settings, tmp_path)
    (town / "trade" / "stall-permit.toml").write_text(stall(offer=True, risks=f'risks = ["{risk}"]'))

    [refused] = read_folder(Path(town)).refused

    assert "(R4.2)" in str(refused)


def test_in_a_matter_of_risk_the_proof_is_the_only_way(ayshe, prefecture, settings, tmp_path):
    """R4.2"""
    town = publish_stalls(prefecture, settings, tmp_path)
    (town / "trade" / "stall-permit.toml").write_text(stall(risks='risks = ["ecology"]'))
    [permit] = read_folder(Path(town)).definitions

    assert permit.definition.risks == ("ecology",)


def test_both_ways_are_offered_and_neither_is_chosen_beforehand(stalls, stall_of):
    """R4.3"""
    assert ways_of(stalls, stall_of) == [
        (Source.DECLARATION, "insurance-record"), (Source.UPLOAD, "insurance-record"),
    ]  # fmt: skip


def test_whoever_hands_in_the_proof_instead_is_served_in_the_same_time(stalls, stall_of):
    """R4.3: the same promise, and nothing is checked afterwards."""
    evidence.upload_copy(viewer=stalls, application_id=stall_of, **WHAT, sent=a_picture(stalls), now=NOW)
    case = submit(stalls, stall_of)
    assert case.tasks.get(closed_at__isnull=True).kind == "acceptance"
    assert CommitmentCheck.objects.count() == 0


def test_no_type_in_the_catalogue_demands_a_commitment(root):
    """R4.3: whoever does not commit can prove it instead; a statement of one's own is free."""
    folder = read_folder(root / "services" / "catalogue" / "definitions")
    offers = {one.definition.commitments.offer for one in folder.definitions}
    demanded = [
        kind.code
        for kind in folder.reference.evidence_types.values()
        if kind.declaration == "commitment" and not kind.upload and kind.code not in offers
    ]

    assert demanded == []


def test_a_signature_is_for_one_person_one_matter_and_one_text(stalls, stall_of):
    """R4.6: used with another application or another text, it is refused."""
    text = evidence.text_to_sign(viewer=stalls, application_id=stall_of, **WHAT, now=NOW)
    assert text.text.count("Stall permit") == 1
    other = begin(stalls, "stall-permit", {"person.insurer": "Another"})

    with pytest.raises(TextHasChanged):
        evidence.sign_declaration(
            viewer=stalls, application_id=other, **WHAT, read_digest=text.digest, now=NOW
        )
    drafting.answer_questions(
        viewer=stalls, application_id=stall_of, answers={"person.insurer": "Other"}, now=NOW
    )
    with pytest.raises(TextHasChanged):
        evidence.sign_declaration(
            viewer=stalls, application_id=stall_of, **WHAT, read_digest=text.digest, now=NOW
        )
    with pytest.raises(TextHasChanged):
        evidence.sign_declaration(
            viewer=stalls, application_id=stall_of, **WHAT, read_digest=text.digest, now=noon(3)
        )


def test_taken_back_before_the_decision_the_case_goes_its_usual_way_and_no_day_starts_anew(
    stalls, prefecture
):
    """R4.8"""
    prefecture.answers["/registers/id-card/query"] = [says(b"down", status=503)]
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    signed = commit(stalls, application)
    case = submit(stalls, application)
    assert state_of(case) == "received"

    evidence.withdraw_declaration(viewer=stalls, application_id=application, evidence_id=signed, now=noon(3))

    case.refresh_from_db()
    assert case.received_on == date(2026, 3, 2)
    assert case.settlements["insurance"]["standing"] == "open"


def test_an_untrue_one_stops_handling_before_the_decision(stalls, prefecture):
    """R4.10, R15.8: signed by a person of the lead office, with reasons and both remedies."""
    case, signed = undecided(stalls, prefecture)
    named = {"case_id": case.id, "evidence_id": signed, "written": UNTRUE, "now": noon(3)}
    with pytest.raises(NoSuchCase):
        checking.stop_for_untrue(viewer=officer("records-office", "reviewer"), **named)
    letter = checking.preview_stop(viewer=officer("works-office", "reviewer"), **named)
    assert any("reconsideration" in paragraph for paragraph in letter.paragraphs)

    checking.stop_for_untrue(viewer=officer("works-office", "reviewer"), **named)

    case.refresh_from_db()
    assert (case.state, case.ending) == ("declined", "commitment_untrue")
    check = CommitmentCheck.objects.get()
    assert (check.state, check.found_by_id) == ("stopped", officer("works-office", "reviewer").id)
    assert Notice.objects.get(kind="handling_stopped").written == "No insurer knows the stall."
    assert Entry.objects.get(case_id=case.id, event="handling_stopped").role == "reviewer"
    with pytest.raises((NotTheirTurn, CannotMove)):
        checking.stop_for_untrue(viewer=officer("works-office", "reviewer"), **named)


def undecided(viewer, prefecture):
    """Return a case that rests on a commitment and waits for a register, and the commitment."""
    prefecture.answers["/registers/id-card/query"] = [says(b"down", status=503)]
    application = begin(viewer, "stall-permit", {"person.insurer": "Safe"})
    signed = commit(viewer, application)
    return submit(viewer, application), signed


@pytest.fixture
def found_untrue(stalls):
    case = granted_on_a_commitment(stalls)
    checking.find_untrue(
        viewer=officer("works-office", "reviewer"), task_id=task_of(case, "check"), written=UNTRUE, now=NOW
    )
    return case


def test_after_it_the_commitment_route_alone_is_closed_in_this_matter(stalls, found_untrue):
    """R4.11: the person is served with the proof itself."""
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})

    assert ways_of(stalls, application) == [(Source.UPLOAD, "insurance-record")]
    with pytest.raises(NotDeclarable):
        commit(stalls, application)
    evidence.upload_copy(viewer=stalls, application_id=application, **WHAT, sent=a_picture(stalls), now=NOW)
    assert state_of(submit(stalls, application)) == "received"


def test_the_bar_ends_by_itself_and_is_nobody_elses(stalls, found_untrue):
    """R4.11: its last day is that of the finding; another person and another matter know nothing of it."""
    last, after = datetime(2027, 3, 2, 4, tzinfo=UTC), datetime(2027, 3, 3, 4, tzinfo=UTC)
    assert CommitmentCheck.objects.get().closed_until == date(2027, 3, 2)
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"}, now=last)
    with pytest.raises(NotDeclarable):
        commit(stalls, application, now=last)

    assert commit(stalls, application, now=after)


def test_a_business_is_not_barred_for_what_its_representative_said(stalls, found_untrue):
    """R4.11: nothing is shared between them."""
    business = of_a_business(stalls)
    application = drafting.start_application(
        viewer=stalls, services=["stall-permit"], business_id=business, now=NOW
    )
    drafting.answer_questions(
        viewer=stalls, application_id=application, answers={"person.insurer": "Safe"}, now=NOW
    )
    drafting.request_evidence(viewer=stalls, application_id=application, now=NOW)
    work()

    assert commit(stalls, application)


def of_a_business(viewer):
    record = BusinessRecord(
        uscc="91350100M000100Y43", name="Made-up Trade", kind="company", status="active",
        legal_representative_number=NUMBER,
    )  # fmt: skip
    return people.bind_business(account_id=viewer.id, business=record, now=NOW)


@pytest.mark.parametrize("may_declare", [True, False])
def test_an_agent_commits_only_with_that_very_power(stalls, may_declare):
    """R4.12"""
    business = of_a_business(stalls)
    agent = Account.objects.create_user(username="agent").id
    identity = Identity(
        number="440524188001010014", document_kind="resident_id", full_name="Agent Test",
        birth_date=date(1980, 1, 1),
    )  # fmt: skip
    people.bind_account(account_id=agent, identity=identity, now=NOW)
    terms = MandateTerms(
        agent_username="agent", services=["stall-permit"], may_declare=may_declare,
        valid_until=date(2026, 12, 31),
    )  # fmt: skip
    lent = people.grant_mandate(account_id=stalls.id, business_id=business, terms=terms, now=NOW)
    people.accept_mandate(account_id=agent, mandate_id=lent, now=NOW)
    acting = persons.account(agent)
    application = drafting.start_application(
        viewer=acting, services=["stall-permit"], business_id=business, now=NOW
    )
    drafting.answer_questions(
        viewer=acting, application_id=application, answers={"person.insurer": "Safe"}, now=NOW
    )

    if may_declare:
        assert commit(acting, application)
    else:
        with pytest.raises(NotYoursToSign):
            commit(acting, application)


def test_in_another_case_it_is_confirmed_afresh_by_one_click(stalls):
    """R4.13: the same text for this matter and day, and the new signature names the one before."""
    first = granted_on_a_commitment(stalls)
    again = begin(stalls, "stall-permit", {"person.insurer": "Safe"}, now=noon(5))
    assert ways_of(stalls, again)[0][0] is Source.DECLARATION
    before = evidence.committed_before(viewer=stalls, application_id=again, **WHAT, now=noon(5))
    assert before is not None

    commit(stalls, again, now=noon(5))

    [signed] = declarations(application_ids=[first.application_id])
    assert Declaration.objects.get(application_id=again).confirms == signed.id == before.id


def test_what_is_over_or_was_untrue_is_not_offered_again(stalls, found_untrue):
    """R4.13, R4.11"""
    after = datetime(2027, 3, 3, 4, tzinfo=UTC)
    again = begin(stalls, "stall-permit", {"person.insurer": "Safe"}, now=after)

    assert evidence.committed_before(viewer=stalls, application_id=again, **WHAT, now=after) is None
