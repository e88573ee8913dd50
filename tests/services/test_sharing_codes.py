"""R12.3: a holder lets somebody see one certificate, once, for minutes; on record, and the holder is told."""

from datetime import timedelta

import pytest

from services.cases.actions.certificates import NewStatus, change_certificate
from services.cases.actions.sharing import show_certificate
from services.certificates.actions.sharing import NotInForce, make_sharing_code, revoke_sharing_code
from services.certificates.models import Certificate, SharingCode
from services.certificates.queries import NoSuchCertificate
from services.certificates.queries.sharing import sharing_codes
from services.core.grounds import Change
from services.ledger.models import Reading
from services.notices import queries as notices
from services.notices.models import Notice
from tests.services.a_matter import file, officer
from tests.services.a_register import NOW

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def record(ayshe):
    """A home record that was issued to Ayshe."""
    case = file(ayshe, "home-record", {"application.home": "1 Lane"})
    return Certificate.objects.get(case_id=case.id)


def make(viewer, record):
    return make_sharing_code(viewer=viewer, certificate_id=record.id, now=NOW).code


def show(record, code, now=SOON):
    return show_certificate(number=record.number, sharing_code=code, now=now)


def test_whoever_has_the_code_sees_what_stands_on_the_certificate(record, ayshe):
    shown = show(record, make(ayshe, record))

    assert (shown.certificate.number, shown.certificate.status) == (record.number, "valid")
    assert (shown.holder_name, shown.content) == ("Ayshe Test", {"person.home": "1 Lane"})


def test_once(record, ayshe):
    code = make(ayshe, record)
    assert show(record, code)

    assert show(record, code) is None


def test_the_code_is_kept_as_a_hash_and_forgives_how_it_is_typed(record, ayshe):
    code = make(ayshe, record)

    kept = SharingCode.objects.get()
    assert code.replace("-", "") not in str(vars(kept))
    assert show_certificate(
        number=record.number.lower().replace("-", " "), sharing_code=code.lower(), now=SOON
    )


def test_it_runs_out(record, ayshe):
    code = make(ayshe, record)

    assert show(record, code, now=NOW + timedelta(minutes=30)) is None


def test_it_is_taken_back_and_a_new_one_takes_back_the_one_before(record, ayshe):
    first = make(ayshe, record)
    second = make(ayshe, record)
    assert show(record, first) is None

    assert revoke_sharing_code(viewer=ayshe, certificate_id=record.id, now=SOON)
    assert not revoke_sharing_code(viewer=ayshe, certificate_id=record.id, now=SOON)

    assert show(record, second) is None
    states = [one.state for one in sharing_codes(certificate_id=record.id, now=SOON)]
    assert states == ["revoked", "revoked"]


def test_after_five_wrong_codes_the_right_one_opens_nothing_any_more(record, ayshe):
    code = make(ayshe, record)
    for _ in range(5):
        assert show(record, "0000-0000") is None

    assert show(record, code) is None
    assert [one.state for one in sharing_codes(certificate_id=record.id, now=SOON)] == ["revoked"]


def test_four_wrong_codes_are_forgiven(record, ayshe):
    code = make(ayshe, record)
    for _ in range(4):
        show(record, "0000-0000")

    assert show(record, code)


def test_a_number_without_a_code_and_an_unknown_number_answer_alike(record):
    assert show(record, "0000-0000") is None
    assert show_certificate(number="AAAA-AAAA-AAAA", sharing_code="0000-0000", now=SOON) is None
    assert not Reading.objects.filter(matter_kind="certificate").exists()


def test_the_look_stands_among_the_readings_of_the_holder(record, ayshe):
    """R15.6: who looked is not known; that somebody did, at what and when, is."""
    show(record, make(ayshe, record))

    reading = Reading.objects.get(matter_kind="certificate")
    assert (reading.holder_id, reading.matter_id, reading.purpose) == (
        ayshe.person_id, record.id, "sharing_code",
    )  # fmt: skip
    assert (reading.fields, reading.at) == (["person.home"], SOON)


def test_the_holder_gets_a_letter(record, ayshe):
    show(record, make(ayshe, record))

    notice = Notice.objects.get(kind="certificate_shown")
    assert notice.account_id == ayshe.id
    text = "\n".join(notices.letter(notice.id, ayshe.id, "en").paragraphs)
    assert record.number in text and "2 March 2026 at 09:35" in text


def test_only_its_holder_makes_a_code_for_it(record):
    with pytest.raises(NoSuchCertificate):
        make(officer("records-office", "supervisor"), record)


def test_what_is_out_of_force_is_not_shown_about(record, ayshe):
    status = NewStatus(
        change=Change.SUSPENSION,
        ground="under_examination",
        legal_basis="Homes Act art. 5",
        explanation="We look.",
    )
    change_certificate(
        viewer=officer("records-office", "supervisor"), number=record.number, new_status=status, now=NOW
    )

    with pytest.raises(NotInForce):
        make(ayshe, record)
