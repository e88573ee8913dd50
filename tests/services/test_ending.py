"""R2.26: with a thing ends what was issued for it: the service that ends it cancels the certificate, by its data."""

import pytest

from services.cases.actions import reviewing
from services.cases.models import Case
from services.certificates import queries as certificates
from services.certificates.actions import suspend_certificate
from services.certificates.actions.ending import Ending, end_certificates
from services.certificates.models import Certificate
from services.core.facts import Holder
from services.ledger import queries as ledger
from services.people.queries import AccountView
from tests.services.a_certificate import SUPERVISOR
from tests.services.a_licence import CLOSURE, STALL, a_stall_licence, publish_stalls
from tests.services.a_matter import file, officer, state_of, task_of, work
from tests.services.a_register import NOW, TODAY

REVIEW = (
    'after = []\n\n[[step]]\ncode = "review"\nname = { en = "Review", zh = "审核" }\norganisation = "works-office"\n'
    'mode = "review"\ndays = 3\nafter = []\n'
)
LOOKED_AT = CLOSURE.replace("after = []", REVIEW.replace("after = []", 'after = ["review"]', 1), 1)


@pytest.fixture
def stalls(ayshe, settings, tmp_path) -> AccountView:
    publish_stalls(settings, tmp_path, closure=CLOSURE)
    return ayshe


@pytest.fixture
def licence(stalls) -> Certificate:
    return a_stall_licence(stalls)


def closed(viewer: AccountView) -> Case:
    return file(viewer, "stall-closure", {})


def test_what_the_granted_service_ends_is_cancelled_at_the_wish_of_whoever_filed(stalls, licence):
    """R15.8: where no officer had to decide, the name under it is that of whoever gave it up; never the machine's."""
    case = closed(stalls)

    licence.refresh_from_db()
    assert state_of(case) == "closed"
    assert (licence.status, licence.status_reason, licence.status_by) == ("cancelled", "given_up", stalls.id)
    assert licence.status_legal_basis == "Homes Act art. 2"
    assert certificates.is_genuine(licence)


def test_it_stands_in_the_ledger_of_the_case_that_ended_it(stalls, licence):
    case = closed(stalls)

    [issued] = [one for one in ledger.entries_of(case.id) if one.event == "issued"]
    assert issued.detail["ended"] == [str(licence.id)]


def test_it_serves_as_evidence_no_more(stalls, licence):
    closed(stalls)

    holder = certificates.certificate(certificate_id=licence.id, on=TODAY).holder
    assert certificates.held(holders=[holder], types=["stall-licence"], on=TODAY) == ()


def test_nothing_is_ended_before_it_is_granted_and_then_by_the_officer(ayshe, settings, tmp_path):
    publish_stalls(settings, tmp_path, closure=LOOKED_AT)
    licence = a_stall_licence(ayshe)
    case = closed(ayshe)
    licence.refresh_from_db()
    assert (state_of(case), licence.status) == ("in_review", "valid")

    reviewing.complete_task(
        viewer=officer("works-office"), task_id=task_of(case, "review"), favorable=True, note="", now=NOW
    )
    work(NOW)

    licence.refresh_from_db()
    assert (state_of(case), licence.status) == ("closed", "cancelled")


def test_other_holders_and_other_kinds_keep_theirs(stalls, licence, bo):
    home = Certificate.objects.get(case_id=file(stalls, "home-record", {"application.home": "1 Lane"}).id)
    another = Certificate.objects.get(case_id=file(bo, "stall-licence", STALL).id)

    closed(stalls)

    assert {one.status for one in Certificate.objects.filter(id__in=[home.id, another.id])} == {"valid"}


def test_what_is_suspended_ends_as_well_and_what_was_cancelled_stays_as_it_was(stalls, licence):
    suspend_certificate(
        certificate_id=licence.id, actor=SUPERVISOR, reason="safety", legal_basis="Homes Act art. 5", now=NOW
    )
    row = Ending(
        case_id=licence.case_id, type=licence.type, holder=Holder("person", licence.holder_id), key="",
        by=stalls.id, legal_basis="Homes Act art. 2",
    )  # fmt: skip

    assert end_certificates(rows=[row], now=NOW) == {licence.case_id: [licence.id]}
    assert end_certificates(rows=[row], now=NOW) == {}
    licence.refresh_from_db()
    assert (licence.status, licence.status_by) == ("cancelled", stalls.id)
