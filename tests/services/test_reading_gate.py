"""An officer opens personal data on record, for a case that is in hand, or not at all (R15.6, R15.1, R3.2)."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions import questioning, reading
from services.cases.models import Application, Case, Party
from services.cases.queries import readings
from services.cases.queries.visibility import NoSuchCase
from services.certificates.models import Certificate
from services.certificates.queries import NoSuchCertificate
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.evidence.models import Evidence
from services.ledger import actions as ledger_actions
from services.ledger import looking
from services.ledger import queries as ledger
from services.ledger.models import Reading
from services.people import queries as people
from services.people.fields import EncryptedTextField
from services.people.models import Account, Person
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


def test_a_reading_opens_what_it_names_and_no_more(works):
    """R15.3, R15.6: that one copy was looked at opens neither the answers nor who somebody is."""
    application = Application.objects.select_related("person").get(id=works.application_id)
    row = Evidence.objects.filter(application_id=application.id).first()

    with looking.an_officer_looks():
        reading.note_reading(viewer=officer("works-office"), case_id=works.id, fields=["id-card"], now=NOW)
        assert row.facts is not None
        with pytest.raises(looking.PurposeNeeded):
            _ = application.answers
        with pytest.raises(looking.PurposeNeeded):
            _ = application.person.name


def test_a_question_about_a_reading_opens_the_question_alone(works, ayshe):
    """R15.3"""
    supervisor = officer("works-office", "supervisor")
    reading.open_case(viewer=supervisor, case_id=works.id, now=NOW)
    entry = readings.my_readings(viewer=ayshe)[0].id
    asked = questioning.ask_about_reading(viewer=ayshe, reading_id=entry, words="Why?", now=NOW)

    with looking.an_officer_looks():
        assert (
            questioning.open_question(viewer=supervisor, question_id=asked, now=NOW).question.words == "Why?"
        )
        with pytest.raises(looking.PurposeNeeded):
            _ = Application.objects.get(id=works.application_id).answers


def test_every_encrypted_field_is_opened_by_some_reading_or_by_none_on_purpose():
    """R15.6: a field that nothing names is open to no officer at all."""
    secret = {
        f"{model._meta.label}.{field.attname}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    opened = {one for one in secret for begins in looking.OPENS.values() if one.startswith(begins)}

    assert {one.rpartition(".")[0] for one in secret - opened} == {
        "cases.IdempotencyKey",  # what a program was answered, for that program
        "cases.RememberedAnswer",  # shown to confirm, to whom it is about
        "evidence.BusinessClaim",  # asked of the register by a worker
        "evidence.LoadedRecord",  # found and told as evidence, and looked at by nobody
    }


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


def test_who_asks_for_another_offices_certificate_is_refused_and_that_is_on_record(ayshe):
    """R3.2: the answer is that of a number nobody has, and its holder sees that it was asked for."""
    ended = file(ayshe, "home-record", {"application.home": "1 Lane"})
    number = Certificate.objects.get(case_id=ended.id).number

    with pytest.raises(NoSuchCertificate):
        reading.open_certificate(viewer=officer("works-office"), number=number, now=NOW)

    newest = about(ayshe)[0]
    assert (newest.purpose, newest.refused, newest.organisation) == (
        Purpose.CERTIFICATE,
        True,
        "works-office",
    )


def test_a_certificate_is_read_from_its_holder_and_from_no_other_party(ayshe):
    """R15.6"""
    ended = file(ayshe, "home-record", {"application.home": "1 Lane"})
    record = Certificate.objects.get(case_id=ended.id)
    others = Person.objects.create(document_kind="passport", number_index="bo")
    Party.objects.create(
        application=ended.application, role="partner", kind="person", signs="none", person=others
    )

    reading.open_certificate(viewer=officer("records-office"), number=record.number, now=NOW)

    read = Reading.objects.filter(purpose=Purpose.CERTIFICATE)
    assert {one.holder_id for one in read} == {record.holder_id} == {ayshe.person_id}


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
