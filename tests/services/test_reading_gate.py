"""An officer opens personal data on record, for a case that is in hand, or not at all (R15.6, R15.1, R3.2)."""

import pytest
from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions import reading
from services.cases.models import Application, Case, Party
from services.cases.queries import readings
from services.cases.queries.visibility import NoSuchCase
from services.certificates.models import Certificate
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.ledger import actions as ledger_actions
from services.ledger import looking
from services.ledger import queries as ledger
from services.ledger.models import Reading
from services.people import queries as people
from services.people.models import Account
from services.people.queries import AccountView
from tests.services.a_matter import begin, file, give, officer, open_tasks, submit
from tests.services.a_register import NOW
from tests.services.test_ledger import CASE
from tests.services.test_ledger import reading as a_reading

pytestmark = pytest.mark.django_db

WORKS = {"application.works": "a tower", "application.height": 30}
PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}


@pytest.fixture
def works(ayshe: AccountView) -> Case:
    """A permit that lies with the works office."""
    return file(ayshe, "works-permit", WORKS)


@pytest.fixture
def deed(ayshe: AccountView) -> Case:
    """A deed of Ayshe's, which names a partner."""
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    return submit(ayshe, application)


def about(viewer: AccountView) -> tuple[ledger.ReadingView, ...]:
    return ledger.readings_about(Holder("person", viewer.person_id))


# --- The gate ---------------------------------------------------------------------------------------------


def test_nothing_encrypted_opens_for_an_officer_before_a_reading_is_on_record(works):
    """R15.6"""
    row = Application.objects.get(id=works.application_id)

    with looking.an_officer_looks():
        with pytest.raises(looking.PurposeNeeded):
            _ = row.answers
        reading.note_reading(viewer=officer("works-office"), case_id=works.id, now=NOW)
        assert row.answers["application.works"] == "a tower"


def test_what_one_request_has_said_opens_nothing_in_the_next(works):
    with looking.an_officer_looks():
        reading.note_reading(viewer=officer("works-office"), case_id=works.id, now=NOW)

    with looking.an_officer_looks(), pytest.raises(looking.PurposeNeeded):
        _ = Application.objects.get(id=works.application_id).answers


def test_what_the_machine_opens_to_carry_out_an_act_stays_closed_to_whoever_acts(works):
    with looking.an_officer_looks():
        with looking.unseen():
            assert Application.objects.get(id=works.application_id).answers
        with pytest.raises(looking.PurposeNeeded):
            _ = Application.objects.get(id=works.application_id).answers


@pytest.mark.parametrize("lacking", [{"purpose": ""}, {"basis": ""}, {"fields": ()}])
def test_a_reading_without_purpose_law_or_fields_is_refused(lacking, db):
    """R15.1, R3.2"""
    with pytest.raises(ledger_actions.ReadingWithoutPurpose):
        ledger_actions.record_readings(rows=[a_reading(**lacking)])


def test_the_database_takes_no_reading_without_its_law(db):
    """R15.1"""
    with pytest.raises(IntegrityError, match="reading_has_a_legal_basis"), transaction.atomic():
        Reading.objects.create(
            at=NOW, role="worker", holder_kind="person", holder_id=CASE, matter_kind="case",
            matter_id=CASE, purpose="handling", fields=["case"], source="portal",
        )  # fmt: skip


def test_a_reading_names_office_purpose_law_and_matter(works, ayshe):
    """R15.1, R15.6"""
    reading.open_case(viewer=officer("works-office"), case_id=works.id, now=NOW)

    newest = about(ayshe)[0]
    assert (newest.organisation, newest.purpose, newest.basis) == (
        "works-office",
        "handling",
        "Works Act art. 1",
    )
    assert (newest.matter_kind, newest.matter_id, newest.refused) == ("case", works.id, False)


def test_a_register_is_asked_by_its_own_law(works, ayshe):
    """R15.1"""
    asked = [one for one in about(ayshe) if one.purpose == Purpose.GATHER_EVIDENCE]

    assert {one.basis for one in asked} <= {"Identity Act art. 1", "Identity Act art. 2", "Works Act art. 2"}
    assert asked and all(one.basis for one in asked)


# --- Refused ----------------------------------------------------------------------------------------------


def test_another_offices_officer_is_refused_and_that_stands_on_record(works, ayshe):
    """R3.2: denied and logged"""
    with pytest.raises(NoSuchCase):
        reading.open_case(viewer=officer("records-office"), case_id=works.id, now=NOW)

    newest = about(ayshe)[0]
    assert (newest.organisation, newest.refused, newest.fields) == ("records-office", True, ("case",))


def test_a_refused_reading_opens_nothing(works):
    with looking.an_officer_looks():
        with pytest.raises(NoSuchCase):
            reading.open_case(viewer=officer("records-office"), case_id=works.id, now=NOW)
        with pytest.raises(looking.PurposeNeeded):
            _ = Application.objects.get(id=works.application_id).answers


def test_a_case_that_ended_long_ago_is_nobodys_to_open(ayshe):
    """R15.6: an access without a case in hand is denied; a remedy may be sought for six months."""
    ended = file(ayshe, "home-record", {"application.home": "1 Lane"})
    clerk = officer("records-office")
    reading.open_case(viewer=clerk, case_id=ended.id, now=NOW)

    clock.shift(days=190)

    assert open_tasks(ended) == []
    with pytest.raises(NoSuchCase):
        reading.open_case(viewer=clerk, case_id=ended.id, now=clock.now())
    assert about(ayshe)[0].refused


def test_its_certificate_is_still_looked_after(ayshe):
    """R12.1: a certificate outlives its case."""
    ended = file(ayshe, "home-record", {"application.home": "1 Lane"})
    number = Certificate.objects.get(case_id=ended.id).number
    clock.shift(days=190)

    kept = reading.open_certificate(viewer=officer("records-office"), number=number, now=clock.now())

    assert kept.case_id == ended.id
    assert about(ayshe)[0].purpose == Purpose.CERTIFICATE


# --- What belongs to somebody else ------------------------------------------------------------------------


def test_a_party_sees_who_read_about_them_and_not_whose_matter_it_was(deed, ayshe):
    """R15.6, redaction: office, purpose and what was read about oneself; never the matter, its service or its law."""
    partner = Party.objects.get(application=deed.application_id).person_id
    bo = Account.objects.create_user(username="bo", person_id=partner)
    reading.open_case(viewer=officer("records-office"), case_id=deed.id, now=NOW)

    (line,) = [
        one for one in readings.my_readings(viewer=people.account(bo.id)) if one.view.purpose == "handling"
    ]

    assert (line.view.organisation, line.view.fields, line.elsewhere) == ("records-office", ("case",), True)
    assert (line.matter, line.view.basis, line.view.matter_id) == (None, "", readings.NOBODYS)
    assert line.view.actor_id is None


def test_the_applicant_sees_the_matter_and_can_narrow_the_list_to_it(deed, works, ayshe):
    reading.open_case(viewer=officer("records-office"), case_id=deed.id, now=NOW)
    reading.open_case(viewer=officer("works-office"), case_id=works.id, now=NOW)

    found = readings.my_readings(viewer=ayshe, application_id=deed.application_id)

    assert {one.matter.id for one in found} == {deed.application_id}
    assert "records-office" in {one.view.organisation for one in found}
    assert readings.my_readings(viewer=ayshe, application_id=works.id) == ()


def test_a_page_of_readings_costs_the_same_however_long_it_is(works, ayshe, django_assert_max_num_queries):
    for _ in range(20):
        reading.note_reading(viewer=officer("works-office"), case_id=works.id, now=NOW)

    with django_assert_max_num_queries(8):
        assert len(readings.my_readings(viewer=ayshe)) > 20
