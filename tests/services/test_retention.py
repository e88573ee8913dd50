"""Nothing personal is kept longer than needed: a warning first, files too, and the ledger notes it (R15.10, R14.9)."""

from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone

from services import clock
from services.cases.actions import drafting, orphans, retention
from services.cases.models import Application, Case, Decision
from services.cases.queries import records
from services.certificates.actions.papers import make_paper
from services.errands import BEAT, Errand
from services.evidence import files as evidence_files
from services.evidence.models import Attempt, Evidence, Quarantined, SentPage, Upload
from services.ledger import queries as ledger
from services.notices import queries as notices
from services.people.models import Person
from services.people.queries import AccountView
from tests.services.a_matter import begin, days, file, give, officer
from tests.services.a_paper import issued
from tests.services.a_register import NOW

pytestmark = pytest.mark.django_db

WORKS = {"application.works": "a tower", "application.height": 30}


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    """A place for files of this test alone."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


@pytest.fixture
def draft(ayshe: AccountView) -> Application:
    """A draft with a copy in it."""
    application = begin(ayshe, "works-permit", WORKS)
    give(ayshe, application)
    return Application.objects.get(id=application)


# --- Drafts -----------------------------------------------------------------------------------------------


def test_whoever_left_a_draft_is_warned_in_time_and_once(draft, ayshe):
    """R15.10: ninety days, and a letter a fortnight before."""
    assert retention.warn_idle_drafts(now=NOW + days(76)) == 0
    assert retention.warn_idle_drafts(now=NOW + days(77)) == 1
    assert retention.warn_idle_drafts(now=NOW + days(78)) == 0

    (letter,) = [one for one in notices.inbox(ayshe.id, language="en") if one.kind == "draft_ending"]
    assert "1 June 2026" in " ".join(notices.letter(letter.id, ayshe.id, "en").paragraphs)


def test_no_draft_goes_without_a_warning_that_had_its_time(draft, files, django_capture_on_commit_callbacks):
    assert drafting.discard_idle_drafts(now=NOW + days(120)) == 0
    retention.warn_idle_drafts(now=NOW + days(120))
    assert drafting.discard_idle_drafts(now=NOW + days(133)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert drafting.discard_idle_drafts(now=NOW + days(134)) == 1

    assert not Application.objects.filter(id=draft.id).exists()
    assert (Upload.objects.count(), files_in(files)) == (0, [])


def test_who_touches_a_draft_keeps_it(draft, ayshe):
    retention.warn_idle_drafts(now=NOW + days(80))
    drafting.answer_questions(
        viewer=ayshe, application_id=draft.id, answers={"application.height": 31}, now=NOW + days(81)
    )

    assert drafting.discard_idle_drafts(now=NOW + days(100)) == 0
    assert retention.warn_idle_drafts(now=NOW + days(100)) == 0
    assert retention.warn_idle_drafts(now=NOW + days(160)) == 1


# --- Matters that have ended ------------------------------------------------------------------------------


@pytest.fixture
def ended(ayshe: AccountView) -> Case:
    """A case that was granted and closed by the machine."""
    return file(ayshe, "home-record", {"application.home": "1 Lane"})


def test_what_no_decision_rests_on_goes_when_the_matter_has_ended(ended):
    """R15.10: but a settlement still tells what was tried, and what an office was asked to correct is answered."""
    asked = Attempt.objects.create(
        application_id=ended.application_id, type="home-record", register="works-office", holder_kind="person",
        holder_id=ended.application.person_id, outcome="no_record", at=NOW, took_ms=1,
    )  # fmt: skip
    resting = {item["id"] for one in ended.settlements.values() for item in one.get("evidence", ())}
    Evidence.objects.create(
        application_id=ended.application_id, type="id-card", organisation="police", holder_kind="person",
        holder_id=ended.application.person_id, source="declaration", grade="D", facts={}, obtained_at=NOW,
        obtained_on=NOW.date(), reusable=False, key_index="unused",
    )  # fmt: skip

    assert retention.forget_unused(now=NOW + days(1)) == 1
    assert retention.forget_unused(now=NOW + days(1)) == 0

    kept = set(Evidence.objects.filter(application_id=ended.application_id).values_list("id", flat=True))
    assert kept <= {
        Evidence.objects.get(id=one).id for one in resting if Evidence.objects.filter(id=one).exists()
    }
    assert Attempt.objects.filter(id=asked.id).exists()


@pytest.mark.parametrize("clear", [retention.forget_unused, retention.empty_old_cases])
def test_what_somebody_elses_case_rests_on_stays(ended, ayshe, clear):
    """R3.17: evidence is used again by whom it is about, in whoever's application it was found."""
    signer, shared = Person.objects.create(document_kind="passport", number_index="bo"), uuid4()
    Evidence.objects.create(
        id=shared, application_id=ended.application_id, type="id-card", organisation="police",
        holder_kind="person", holder_id=signer.id, source="registry", grade="A", facts={}, obtained_at=NOW,
        obtained_on=NOW.date(), reusable=True,
    )  # fmt: skip
    theirs = file(ayshe, "works-permit", WORKS)
    Application.objects.filter(id=theirs.application_id).update(person=signer)
    Case.objects.filter(id=theirs.id).update(settlements={"identity": {"evidence": [{"id": str(shared)}]}})

    assert clear(now=NOW + days(366 * 40)) == 1

    assert Evidence.objects.filter(id=shared).exists()


@pytest.mark.parametrize("ended_at", [None, NOW])
def test_what_was_kept_for_another_case_goes_with_that_one_files_included(
    ended, ayshe, files, django_capture_on_commit_callbacks, ended_at
):
    """R15.10: of two matters that are emptied years apart, nothing of the first outlives the second."""
    shared = Evidence.objects.create(
        application_id=ended.application_id, type="works-plan", organisation="works-office", holder_kind="person",
        holder_id=ayshe.person_id, source="upload", grade="C", facts={}, obtained_at=NOW, obtained_on=NOW.date(),
        reusable=False, ended_at=ended_at, ended_as="replaced" if ended_at else "",
    )  # fmt: skip
    Upload.objects.create(
        evidence=shared, application_id=ended.application_id, type="works-plan", holder_id=ayshe.person_id,
        stored_as=evidence_files.keep(b"plan", "png"), name="plan.png", kind="image/png", size=4, sha256="0",
        received_sha256="0", uploaded_by=ayshe.id, uploaded_at=NOW,
    )  # fmt: skip
    later = file(ayshe, "home-record", {"application.home": "2 Lane"})
    rests = {"plan": {"evidence": [{"id": str(shared.id)}]}}
    Case.objects.filter(id=later.id).update(settlements=rests, ended_on=NOW.date() + days(366 * 10))

    assert retention.empty_old_cases(now=NOW + days(366 * 35)) == 1
    assert Evidence.objects.filter(id=shared.id).exists() and files_in(files)
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.empty_old_cases(now=NOW + days(366 * 45)) == 1

    assert (Evidence.objects.count(), Upload.objects.count(), files_in(files)) == (0, 0, [])


def test_what_was_kept_stays_as_long_as_any_case_rests_on_it(ended, ayshe):
    """R3.17: a third matter rests on it too."""
    second, third = (file(ayshe, "home-record", {"application.home": f"{number} Lane"}) for number in (2, 3))
    proof = Evidence.objects.filter(application_id=ended.application_id).first()
    rests = {"identity": {"evidence": [{"id": str(proof.id)}]}}
    for case, years in ((second, 10), (third, 20)):
        Case.objects.filter(id=case.id).update(settlements=rests, ended_on=NOW.date() + days(366 * years))

    for years, is_kept in ((35, True), (45, True), (55, False)):
        assert retention.empty_old_cases(now=NOW + days(366 * years)) == 1
        assert Evidence.objects.filter(id=proof.id).exists() is is_kept


def test_a_matter_that_is_open_loses_nothing(ayshe):
    case = file(ayshe, "works-permit", WORKS)

    assert retention.forget_unused(now=NOW + days(400)) == 0
    assert Evidence.objects.filter(application_id=case.application_id).exists()


def test_after_its_class_of_retention_nothing_personal_is_left_and_the_record_is_whole(ended):
    """R14.9, R15.10: numbers, days and the decision stay; answers, evidence and words go."""
    years = clock.profile().retention.case_years
    assert retention.empty_old_cases(now=NOW + days(365 * years - 10)) == 0

    assert retention.empty_old_cases(now=NOW + days(366 * years + 2)) == 1
    assert retention.empty_old_cases(now=NOW + days(366 * years + 2)) == 0

    application = Application.objects.get(id=ended.application_id)
    assert (application.answers, application.emptied_at is not None) == ({}, True)
    assert not Evidence.objects.filter(application_id=application.id).exists()
    assert not Attempt.objects.filter(application_id=application.id).exists()
    decision = Decision.objects.get(case=ended)
    assert (decision.verdict, decision.facts, decision.explanation) == ("granted", None, "")
    assert ledger.entries_of(ended.id)[-1].event == "personal_data_deleted"
    ended.refresh_from_db()
    assert records.record_by_number(number=ended.number).whole


def test_the_ledger_notes_that_something_went_and_never_what(ended):
    retention.forget_unused(now=NOW + days(1))

    entry = ledger.entries_of(ended.id)[-1]
    assert (entry.event, entry.role) == ("unused_evidence_deleted", "worker")
    assert set(entry.detail) == {"application"}


def test_a_file_that_no_record_knows_is_found_and_deleted(draft, files):
    lost = files / "evidence" / "zz" / "lost.pdf"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"lost")
    known, out = len(files_in(files)), StringIO()
    assert orphans.delete_orphans(now=timezone.now()) == 0  # it may still get its record

    later = timezone.now() + days(2)
    assert [Path(name).name for name in orphans.orphan_files(now=later)] == ["lost.pdf"]
    assert orphans.delete_orphans(now=later) == 1

    call_command("sweep_files", stdout=out)
    assert (len(files_in(files)), out.getvalue()) == (known - 1, "0 files that no record knows\n")


@pytest.mark.parametrize("folder", ["evidence", "arriving", "apart", "certificates", "copies"])
def test_in_every_folder_of_ours_what_no_record_knows_is_deleted(db, files, folder):
    lost = files / folder / "zz" / "lost.bin"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"lost")

    assert orphans.delete_orphans(now=timezone.now()) == 0  # it may still get its record
    assert orphans.delete_orphans(now=timezone.now() + days(2)) == 1
    assert not lost.exists()


def test_every_column_that_names_a_file_is_asked_before_one_is_deleted():
    """A column that nobody asked would have its files deleted a day after they came."""
    told = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name.endswith("ed_as") and field.max_length
    }
    asked = {column for columns in orphans.KNOWN_BY.values() for column in columns}

    assert asked == {(model, name) for model, name in told if name in ("stored_as", "received_as")}


def test_what_a_record_points_at_stays_however_old(prefecture, ayse, ayshe, files):
    """Of every kind: a copy that waits for the scanner, a page on its way, what was set apart, a sealed certificate."""
    make_paper(certificate_id=issued(ayse).id, language="en", now=NOW)
    apart, arriving = evidence_files.keep_apart([b"harm"]), evidence_files.begin()
    Quarantined.objects.create(
        application_id=uuid4(), type="id-card", holder_kind="person", holder_id=ayse.id, sent_by=ayshe.id,
        harm="Eicar", stored_as=apart, found_at=NOW,
    )  # fmt: skip
    SentPage.objects.create(
        application_id=uuid4(), requirement="base", type="id-card", account_id=ayshe.id, length=1, position=1,
        stored_as=arriving,
    )  # fmt: skip
    kept = files_in(files)

    assert len(kept) == 3
    assert orphans.delete_orphans(now=timezone.now() + days(400)) == 0
    assert files_in(files) == kept


def test_the_clock_deletes_them_by_itself():
    assert BEAT[Errand.SWEEP_FILES]["schedule"] == 6 * 3600.0


def test_one_part_that_fails_stops_no_other(draft, monkeypatch):
    def broken(*, now: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(retention, "PARTS", (broken, retention.warn_idle_drafts))

    assert retention.keep_retention(now=NOW + days(77)) == 1
    assert django_settings.MEDIA_ROOT and officer("works-office")
