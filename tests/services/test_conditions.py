"""On a commitment to the conditions of a licence it is decided on the spot, and looked at afterwards (R4.7, R4.3)."""

import pytest

from services.cases.actions import conditions, evidence, handling
from services.cases.models import CommitmentCheck, Decision
from services.cases.queries import drafts
from services.catalogue.folder import read_folder
from services.core.acts import NotRequired
from services.core.committed import committed
from services.core.proof import prove_definition
from services.evidence.actions import TextHasChanged
from tests.services.a_commitment import commit, publish_stalls, stall
from tests.services.a_matter import begin, noon, officer, open_tasks, state_of, submit
from tests.services.a_register import NOW

SERVICE = {"service": "stall-permit"}


@pytest.fixture
def stalls(ayshe, prefecture, settings, tmp_path):
    publish_stalls(prefecture, settings, tmp_path, offer=True)
    return ayshe


@pytest.fixture
def stall_of(stalls):
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    commit(stalls, application)
    return application


def commit_to_conditions(viewer, application):
    named = {"viewer": viewer, "application_id": application, **SERVICE, "now": NOW}
    text = conditions.conditions_to_sign(**named)
    return conditions.commit_to_conditions(**named, read_digest=text.digest), text


def test_with_it_the_machine_grants_at_once_and_the_look_comes_afterwards(stalls, stall_of):
    """R4.7, R4.9"""
    commit_to_conditions(stalls, stall_of)

    case = submit(stalls, stall_of)

    assert state_of(case) == "closed"
    assert (Decision.objects.get().verdict, Decision.objects.get().signed_by_id) == ("granted", None)
    assert "review" not in case.progress
    found = CommitmentCheck.objects.order_by("requirement").values_list("type", "requirement", "state")
    assert list(found) == [
        ("stall-conditions", "", "with_office"), ("insurance-record", "insurance", "with_office"),
    ]  # fmt: skip


def test_without_it_the_case_goes_its_usual_way_and_loses_nothing(stalls, stall_of):
    """R4.3"""
    case = submit(stalls, stall_of)

    assert open_tasks(case) == ["works-office:review"]
    task = case.tasks.get(step="review")
    handling.complete_task(viewer=officer("works-office"), task_id=task.id, favorable=True, now=noon(3))
    assert state_of(case) == "closed"


def test_taken_back_before_the_decision_the_office_looks_first_after_all(stalls, stall_of):
    """R4.8"""
    signed, _ = commit_to_conditions(stalls, stall_of)
    [offer] = drafts.draft(viewer=stalls, application_id=stall_of).offers
    assert offer.evidence_id == signed

    evidence.withdraw_declaration(viewer=stalls, application_id=stall_of, evidence_id=signed, now=NOW)

    assert open_tasks(submit(stalls, stall_of)) == ["works-office:review"]


def test_the_notice_names_what_is_committed_to_and_only_it_is_signed(stalls, stall_of):
    """R4.4, R4.6"""
    _, text = commit_to_conditions(stalls, stall_of)

    assert "The stall meets the rules on stalls." in text.text
    with pytest.raises(TextHasChanged):
        conditions.commit_to_conditions(
            viewer=stalls, application_id=stall_of, **SERVICE, read_digest="0" * 64, now=NOW
        )


def test_where_none_is_offered_none_is_taken(ayshe, prefecture, settings, tmp_path):
    """R4.7: which service takes one is its definition's to say."""
    publish_stalls(prefecture, settings, tmp_path)
    application = begin(ayshe, "stall-permit", {"person.insurer": "Safe"})

    with pytest.raises(NotRequired):
        conditions.conditions_to_sign(viewer=ayshe, application_id=application, **SERVICE, now=NOW)


def test_what_is_not_decided_on_the_spot_is_not_published(ayshe, prefecture, settings, tmp_path):
    """R4.7: the proof finds the work that would still be waited for."""
    town = publish_stalls(prefecture, settings, tmp_path, offer=True)
    more = stall(offer=True).replace(
        '[[step]]\ncode = "issue"',
        '[[step]]\ncode = "look"\nname = { en = "Look", zh = "查看" }\norganisation = "works-office"\n'
        'mode = "review"\ndays = 1\nafter = []\n\n[[step]]\ncode = "issue"',
    ).replace('after = ["review"]', 'after = ["review", "look"]')  # fmt: skip
    (town / "trade" / "stall-permit.toml").write_text(more)
    folder = read_folder(town)
    assert folder.refused == ()
    [permit] = folder.definitions

    proof = prove_definition(permit.definition, folder.centres, profile=folder.law.profile)

    assert [one.told() for one in proof.failures] == [
        "days: With the commitment to its conditions it still takes 1 working days (R4.7)."
    ]


def test_services_of_the_catalogue_take_it_and_none_of_them_carries_a_risk(root):
    """R4.7, R4.2"""
    folder = read_folder(root / "services" / "catalogue" / "definitions")
    offering = [one.definition for one in folder.definitions if one.definition.commitments.offer]

    assert {one.code for one in offering} == {
        "bonded-account-book", "bonded-zone-enterprise-registration", "farmers-cooperative-registration",
    }  # fmt: skip
    for definition in offering:
        on_the_spot = committed(definition)
        assert on_the_spot is not None
        assert (definition.risks, on_the_spot.steps_of("review", "inspection", "decision")) == ((), ())
