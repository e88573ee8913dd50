"""A certificate is taken away by a named person, on a ground and a law, told to its holder; and proves no more."""

import shutil

import pytest
from django.db import IntegrityError, transaction

from services.cases.actions import certificates as acts
from services.cases.actions.certificates import NewStatus
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.models import Case
from services.cases.queries import cases, drafts
from services.cases.queries.certificates import kept_certificate
from services.catalogue.actions import publish
from services.certificates.actions import CertificateCannotChange
from services.certificates.models import Certificate
from services.certificates.queries import NoSuchCertificate
from services.core.evidence import Source, Standing
from services.core.grounds import GROUNDS, Change, GroundsNeeded
from services.ledger import queries as ledger
from services.ledger.queries import Head
from services.notices.models import Notice
from tests.services import a_matter
from tests.services.a_matter import PREFECTURE, begin, file, officer, submit, work
from tests.services.a_register import NOW

HOME = {"application.home": "1 Lane"}
DOORPLATE = """
code = "doorplate"
programme = "papers"
organisation = "works-office"
kind = "confirmation"
audience = "person"
applicant = "person"
legal_basis = ["Homes Act art. 9"]
name = { en = "Doorplate", zh = "门牌" }
summary = { en = "A plate for the home that is on record.", zh = "为已登记的住处制作门牌。" }
limits = { statutory = 5, promised = 3 }
output = { certificate = "deed", handover = "electronic" }
before = { visits = 1, papers = 1 }
question = []
requirement = [{ code = "identity", any_of = ["id-card"] }, { code = "home", any_of = ["home-record"] }]

[[step]]
code = "look"
name = { en = "Look", zh = "查看" }
organisation = "works-office"
mode = "review"
days = 1
after = []

[[step]]
code = "issue"
name = { en = "Issue", zh = "发证" }
organisation = "works-office"
mode = "issue"
after = ["look"]

[[example]]
say = { en = "Somebody on record", zh = "已登记" }
facts = {}
asks = []
visits = 0
ends = "granted"

[[example]]
say = { en = "Somebody whose plate is not to be", zh = "不予制作" }
facts = {}
asks = []
outcomes = { look = "against" }
visits = 0
ends = "refused"
"""


@pytest.fixture
def record(ayshe):
    """A home record that was issued to Ayshe."""
    return Certificate.objects.get(case_id=file(ayshe, "home-record", HOME).id)


@pytest.fixture
def supervisor(ayshe):
    return officer("records-office", "supervisor")


def new_status(change=Change.REVOCATION, ground="obtained_by_deceit", **changed):
    usual = {"legal_basis": "Homes Act art. 5", "explanation": "The lease was not yours."}
    return NewStatus(change=change, ground=ground, **(usual | changed))


def change(viewer, record, wanted=None):
    acts.change_certificate(viewer=viewer, number=record.number, new_status=wanted or new_status(), now=NOW)
    record.refresh_from_db()


def test_a_revocation_is_signed_and_says_on_which_ground_and_law(record, supervisor):
    change(supervisor, record)

    assert (record.status, record.status_by, record.status_reason, record.status_legal_basis, record.revision) == (
        "revoked", supervisor.id, "obtained_by_deceit", "Homes Act art. 5", 2,
    )  # fmt: skip


def test_it_stands_in_the_ledger_of_its_case_without_a_word_that_was_typed(record, supervisor):
    change(supervisor, record)

    case = Case.objects.get(id=record.case_id)
    last = ledger.entries_of(case.id)[-1]
    assert (last.event, last.actor_id, last.role) == ("certificate_revoked", supervisor.id, "supervisor")
    assert last.detail == {"certificate": str(record.id), "ground": "obtained_by_deceit"}
    assert ledger.verify_case(case.id, Head(case.ledger_sequence, case.ledger_head)) is None


def test_its_holder_gets_a_letter_with_the_reason_the_law_and_both_remedies(record, supervisor, ayshe):
    before = acts.preview_change(viewer=supervisor, number=record.number, new_status=new_status(), now=NOW)
    assert not Notice.objects.filter(kind="certificate_changed").exists()

    change(supervisor, record)

    notice = Notice.objects.get(kind="certificate_changed")
    assert notice.account_id == ayshe.id
    assert "The lease was not yours." not in str(notice.values)
    text = "\n".join(before.paragraphs)
    for words in (record.number, "Home record", "has been revoked", "improper means", "The lease was not yours.",
                  "Homes Act art. 5", "reconsideration", "court"):  # fmt: skip
        assert words in text, words


def test_saying_it_again_changes_nothing(record, supervisor):
    change(supervisor, record)
    entries = len(ledger.entries_of(record.case_id))

    change(supervisor, record)

    assert len(ledger.entries_of(record.case_id)) == entries
    assert (Notice.objects.filter(kind="certificate_changed").count(), record.revision) == (1, 2)


def test_a_suspended_certificate_comes_back_and_a_revoked_one_does_not(record, supervisor):
    change(supervisor, record, new_status(Change.SUSPENSION, "under_examination"))
    assert record.status == "suspended"
    change(supervisor, record, new_status(Change.REINSTATEMENT, "found_sound"))
    assert record.status == "valid"
    change(supervisor, record)

    with pytest.raises(CertificateCannotChange):
        change(supervisor, record, new_status(Change.REINSTATEMENT, "found_sound"))


def test_a_certificate_that_its_holder_gave_up_is_cancelled(record, supervisor):
    change(supervisor, record, new_status(Change.CANCELLATION, "given_up"))

    assert record.status == "cancelled"
    assert ledger.entries_of(record.case_id)[-1].event == "certificate_cancelled"


@pytest.mark.parametrize("role", ["clerk", "reviewer"])
def test_only_a_supervisor_changes_it(record, role):
    with pytest.raises(acts.IssuersOnly):
        change(officer("records-office", role), record)


def test_a_supervisor_of_another_office_on_the_case_may_look_and_not_touch(record):
    Case.objects.get(id=record.case_id).tasks.create(
        kind="review", organisation="works-office", opened_at=NOW, due_on=NOW.date()
    )
    other = officer("works-office", "supervisor")

    assert kept_certificate(viewer=other, number=record.number, on=NOW.date()).may == ()
    with pytest.raises(acts.IssuersOnly):
        change(other, record)


def test_to_an_office_that_has_nothing_to_do_with_it_it_does_not_exist(record, ayshe):
    for stranger in (officer("works-office", "supervisor"), ayshe):
        with pytest.raises(NoSuchCertificate):
            kept_certificate(viewer=stranger, number=record.number, on=NOW.date())
        with pytest.raises(NoSuchCertificate):
            change(stranger, record)


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("ground", {"ground": "because"}), ("ground", {"ground": "found_sound"}), ("ground", {"ground": ""}),
        ("legal_basis", {"legal_basis": "  "}), ("explanation", {"explanation": ""}),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_by_its_place(record, supervisor, place, wrong):
    with pytest.raises(GroundsNeeded) as refused:
        change(supervisor, record, new_status(**wrong))

    assert [one.place for one in refused.value.errors] == [place]


def test_every_change_has_grounds_in_both_languages_of_the_law():
    assert set(GROUNDS) == set(Change)
    assert all(texts["en"] and texts["zh"] for table in GROUNDS.values() for texts in table.values())


def test_a_change_is_made_to_what_was_looked_at_or_not_at_all(record, supervisor):
    acts.expect_certificate(viewer=supervisor, number=record.number, version=record.revision)

    with pytest.raises(ChangedMeanwhile):
        acts.expect_certificate(viewer=supervisor, number=record.number, version=record.revision + 1)


def test_the_database_lets_nobody_take_a_certificate_away_without_a_law(record, supervisor):
    with pytest.raises(IntegrityError, match="taken_away_by_law"), transaction.atomic():
        Certificate.objects.filter(id=record.id).update(
            status="revoked", status_by=supervisor.id, status_reason="obtained_by_deceit"
        )


def test_a_machine_that_only_looks_for_work_revokes_nothing(record, ayshe):
    """R15.8: whatever workers do for years, what was granted stays in force."""
    work(a_matter.noon(1, 9))

    record.refresh_from_db()
    assert record.status == "valid"


# --- It proves nothing any more (R12.1, R3.17) -----------------------------------------------------------


@pytest.fixture
def doorplates(prefecture, settings, tmp_path):
    """Add a service that the home record proves something for."""
    folder = shutil.copytree(PREFECTURE, tmp_path / "prefecture")
    (folder / "papers" / "doorplate.toml").write_text(DOORPLATE, encoding="utf-8")
    settings.CATALOGUE_DIR = folder
    publish(folder=folder, now=NOW)


def home_of(ayshe, application):
    found = drafts.draft(viewer=ayshe, application_id=application).requirements
    return next(one for one in found if one.code == "home")


def test_a_certificate_in_force_settles_what_another_service_requires(doorplates, record, ayshe):
    """R3.5, R12.5"""
    home = home_of(ayshe, begin(ayshe, "doorplate"))

    assert (home.standing, [one.source for one in home.evidence]) == (Standing.SETTLED, [Source.ISSUED])


@pytest.mark.parametrize(
    ("wanted", "ground"),
    [
        (Change.REVOCATION, "granted_unlawfully"),
        (Change.SUSPENSION, "safety"),
        (Change.CANCELLATION, "given_up"),
    ],
)
def test_one_out_of_force_settles_it_no_longer(doorplates, record, supervisor, ayshe, wanted, ground):
    change(supervisor, record, new_status(wanted, ground))

    home = home_of(ayshe, begin(ayshe, "doorplate"))

    assert (home.standing, home.evidence) == (Standing.OPEN, ())


def test_a_case_under_way_is_looked_at_again_when_its_proof_goes(doorplates, record, supervisor, ayshe):
    case = submit(ayshe, begin(ayshe, "doorplate"))

    change(supervisor, record)
    work()

    view = cases.case(viewer=ayshe, case_id=case.id)
    assert {one.code: one.standing for one in view.requirements}["home"] is Standing.OPEN
    case.refresh_from_db()
    assert case.settlements["home"]["standing"] == "open"


def test_one_that_is_back_in_force_proves_again(doorplates, record, supervisor, ayshe):
    change(supervisor, record, new_status(Change.SUSPENSION, "under_examination"))
    change(supervisor, record, new_status(Change.REINSTATEMENT, "put_right"))

    assert home_of(ayshe, begin(ayshe, "doorplate")).standing is Standing.SETTLED
