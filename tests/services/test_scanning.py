"""Nothing harmful comes in, and no officer sees a copy before the scanner has: whether it answers or not."""

import tempfile
from pathlib import Path

import pytest

from services.cases.actions import evidence, handling, harm, reading, sending
from services.cases.queries import settlements
from services.core.evidence import Standing
from services.evidence.actions import CopyNotScanned, NothingSent, SentFile, UploadFoundHarmful, UploadHarmful
from services.evidence.models import Evidence, Quarantined, Upload
from services.ledger.models import Entry
from tests.services.a_matter import a_picture, begin, give, officer, submit, task_of
from tests.services.a_register import NOW
from tests.services.a_scanner import EICAR, babbling, scanning

SHED = {"application.works": "a shed", "application.height": 3}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def socket(settings):
    """Name a scanner; it is there only while a test lets it be."""
    with tempfile.TemporaryDirectory(prefix="scan") as short:
        settings.UPLOAD_SCANNER = f"unix://{short}/clamd.ctl"
        settings.UPLOAD_SCANNER_SECONDS = 5
        yield f"{short}/clamd.ctl"


def infected(viewer) -> SentFile:
    """A good picture with something behind it, which redrawing would lose: what came is scanned, not what is kept."""
    clean = a_picture(viewer)
    return SentFile(name="plan.png", content=clean.content + EICAR, account_id=viewer.id)


def upload(viewer, application, sent):
    return evidence.upload_copy(
        viewer=viewer, application_id=application, requirement="plan", type="works-plan", sent=sent, now=NOW
    )


def plan_of(viewer, case):
    sheet = settlements.case_settlements(viewer=viewer, case_id=case.id)
    return next(one for one in sheet.settlements if one.code == "plan")


def stored(folder: Path, where: str) -> list[Path]:
    return [path for path in (folder / where).rglob("*") if path.is_file()]


def test_what_is_found_harmful_is_refused_with_its_name_and_kept_apart(socket, folder, ayshe):
    application = begin(ayshe, "works-permit", SHED)

    with scanning(socket) as scanner, pytest.raises(UploadHarmful) as refusal:
        upload(ayshe, application, infected(ayshe))

    assert refusal.value.values == {"harm": "Eicar-Test-Signature"}
    assert EICAR in scanner.seen[0]
    assert Evidence.objects.filter(source="upload").count() == 0 == len(stored(folder, "evidence"))
    (apart,) = stored(folder, "apart")
    assert apart.stat().st_mode & 0o777 == 0o600


def test_the_case_waits_and_both_sides_are_told(socket, ayshe):
    application = begin(ayshe, "works-permit", SHED)
    case = submit(ayshe, application, with_gaps=True)

    with scanning(socket), pytest.raises(UploadHarmful):
        upload(ayshe, application, infected(ayshe))

    for viewer in (ayshe, officer("works-office")):
        line = plan_of(viewer, case)
        assert (line.standing, [one.result for one in line.tried]) == (Standing.OPEN, ["harmful"])
    entry = Entry.objects.get(case_id=case.id, event="copy_quarantined")
    assert (entry.role, entry.detail["harm"]) == ("worker", "Eicar-Test-Signature")


def test_a_clean_file_is_let_in_and_seen_by_officers(socket, ayshe):
    application = begin(ayshe, "works-permit", SHED)
    with scanning(socket):
        give(ayshe, application)
    case = submit(ayshe, application)

    given = Upload.objects.get(type="works-plan")
    assert (given.scan, given.received_as) == ("clean", "")
    handling.accept_case(viewer=officer("works-office"), task_id=task_of(case, "acceptance"), now=NOW)


@pytest.fixture
def unscanned(socket, ayshe):
    """A case whose plan came in while the scanner was away."""
    application = begin(ayshe, "works-permit", SHED)
    give(ayshe, application)
    return submit(ayshe, application)


def test_with_the_scanner_away_the_copy_waits_unseen_and_is_never_lost(unscanned, ayshe, folder):
    reviewer, given = officer("works-office"), Upload.objects.get(type="works-plan")
    assert (given.scan, len(stored(folder, "apart"))) == ("waiting", 1)
    assert plan_of(reviewer, unscanned).proofs[0].unscanned is True

    with pytest.raises(CopyNotScanned):
        reading.open_file(viewer=reviewer, case_id=unscanned.id, evidence_id=given.evidence_id, now=NOW)
    with pytest.raises(CopyNotScanned):  # nobody says that what nobody could see is good
        handling.accept_case(viewer=reviewer, task_id=task_of(unscanned, "acceptance"), now=NOW)

    assert harm.scan_copies(now=NOW) == 0  # still away
    given.refresh_from_db()
    assert given.scan == "waiting"


def test_it_is_scanned_as_soon_as_the_scanner_is_back(
    unscanned, socket, folder, django_capture_on_commit_callbacks
):
    with scanning(socket), django_capture_on_commit_callbacks(execute=True):
        assert harm.scan_copies(now=NOW) == 1
        assert harm.scan_copies(now=NOW) == 0  # running twice has the effect of once

    given = Upload.objects.get(type="works-plan")
    assert (given.scan, given.received_as, len(stored(folder, "apart"))) == ("clean", "", 0)
    reading.open_file(
        viewer=officer("works-office"), case_id=unscanned.id, evidence_id=given.evidence_id, now=NOW
    )


def test_what_turns_out_harmful_later_counts_no_more(
    socket, ayshe, folder, django_capture_on_commit_callbacks
):
    application = begin(ayshe, "works-permit", SHED)
    upload(ayshe, application, infected(ayshe))
    case = submit(ayshe, application)
    assert plan_of(ayshe, case).standing is Standing.UNCHECKED

    with scanning(socket), django_capture_on_commit_callbacks(execute=True):
        harm.scan_copies(now=NOW)

    line = plan_of(ayshe, case)
    assert (line.standing, line.proofs, line.tried[-1].result) == (Standing.OPEN, (), "harmful")
    assert stored(folder, "evidence") == [] and len(stored(folder, "apart")) == 1
    assert Quarantined.objects.get().harm == "Eicar-Test-Signature"


def test_a_file_found_harmful_is_told_so_when_it_is_sent_again(socket, ayshe):
    """No officer has looked at it: the words are those of the scanner, also while it is away."""
    application = begin(ayshe, "works-permit", SHED)
    upload(ayshe, application, infected(ayshe))
    with scanning(socket):
        harm.scan_copies(now=NOW)

    with pytest.raises(UploadFoundHarmful):
        upload(ayshe, application, infected(ayshe))


def test_an_answer_that_is_none_is_the_scanner_being_away(socket, ayshe):
    application = begin(ayshe, "works-permit", SHED)
    with babbling(socket):
        upload(ayshe, application, a_picture(ayshe))

    assert Upload.objects.get().scan == "waiting"


def test_without_a_scanner_nothing_is_pretended(ayshe):
    upload(ayshe, begin(ayshe, "works-permit", SHED), a_picture(ayshe))

    assert Upload.objects.get().scan == "none"


def test_harmful_pages_are_not_kept_for_another_try(socket, ayshe):
    application = begin(ayshe, "works-permit", SHED)
    place = {"viewer": ayshe, "application_id": application, "requirement": "plan", "type": "works-plan"}
    sending.add_pages(**place, files=[a_picture(ayshe), infected(ayshe)], now=NOW)

    with scanning(socket), pytest.raises(UploadHarmful):
        sending.hand_in(**place, now=NOW)

    with pytest.raises(NothingSent):
        sending.hand_in(**place, now=NOW)
