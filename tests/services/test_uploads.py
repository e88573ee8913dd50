"""A copy is taken in clean, kept where no address leads, and counts once an officer has looked at it."""

import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pikepdf
import pytest
from django.conf import settings as portal
from PIL import Image

from services.core.evidence import Grade, Source
from services.core.facts import Holder
from services.core.reference import DeclarationKind, EvidenceType, Home
from services.core.states import Role
from services.evidence import actions, queries
from services.evidence.actions import About, Reader, SentFile
from services.evidence.cleaning import (
    UploadLocked,
    UploadNotReadable,
    UploadTooDetailed,
    UploadTooLarge,
    clean_file,
)
from services.evidence.models import Evidence, Upload
from services.ledger.actions import Actor
from services.ledger.models import Reading

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
APPLICATION = UUID("0195f000-0000-7000-8000-00000000000a")
HOLDER = Holder("person", UUID("0195f000-0000-7000-8000-000000000001"))
ACCOUNT = UUID("0195f000-0000-7000-8000-0000000000d1")
CLERK = Actor(account_id=UUID("0195f000-0000-7000-8000-0000000000c1"), role=Role.REVIEWER)
DIPLOMA = EvidenceType(
    code="diploma",
    name={"en": "Diploma", "zh": "学历证书"},
    organisation="education",
    about="person",
    home=Home.UPLOAD,
    declaration=DeclarationKind.NONE,
    upload=True,
    validity_months=0,
    proves=("person.school",),
)
ORIENTATION, ARTIST = 0x0112, 0x013B


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **notes: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **notes)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **how: object) -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 100))
        if change is not None:
            change(made)
        made.save(out, **how)
    return out.getvalue()


def send(
    content: bytes,
    name: str = "diploma.jpg",
    application_id: UUID = APPLICATION,
    kind: EvidenceType = DIPLOMA,
) -> UUID:
    return actions.upload(
        about=About(application_id=application_id, type=kind, holder=HOLDER),
        facts={"person.school": "Sample School"},
        sent=SentFile(name=name, content=content, account_id=ACCOUNT),
        now=NOW,
    )


def held(application_id: UUID = APPLICATION):
    return queries.held(holders=[HOLDER], types=["diploma"], on=TODAY, application_ids=[application_id])


# --- Written anew ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew(kind: str):
    clean = clean_file(photo(kind) + b"PK\x03\x04 a zip behind it")

    with Image.open(BytesIO(clean.content)) as drawn:
        assert (drawn.format, drawn.size) == (kind, (60, 40))
    assert b"PK\x03\x04" not in clean.content


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken():
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = 6, "somebody"

    clean = clean_file(photo(exif=exif))

    with Image.open(BytesIO(clean.content)) as drawn:
        assert drawn.size == (40, 60)
        assert len(drawn.getexif()) == 0
    assert b"somebody" not in clean.content


def test_a_transparent_picture_stays_so():
    out = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")

    with Image.open(BytesIO(clean_file(out.getvalue()).content)) as drawn:
        assert drawn.getpixel((0, 0)) == (0, 0, 0, 0)


def with_everything(made: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.Root.OpenAction = script
    made.Root.AA = pikepdf.Dictionary(WC=script)
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))
    made.attachments["tool.exe"] = b"MZ the attached program"
    made.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://elsewhere.example"),
    )  # fmt: skip
    made.pages[0].obj.Annots = made.make_indirect([made.make_indirect(link)])
    made.docinfo["/Author"] = "somebody"


def test_of_a_pdf_only_the_pages_are_kept():
    clean = clean_file(pdf(with_everything))

    with pikepdf.open(BytesIO(clean.content)) as printed:
        assert len(printed.pages) == 1
        assert {*printed.Root.keys()} <= {"/Type", "/Pages"}
        assert {*printed.pages[0].obj.keys()} <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
        everything = b"".join(one.unparse(resolved=True) for one in printed.objects)
    for trace in (b"JavaScript", b"alert", b"Launch", b"elsewhere", b"attached program", b"somebody"):
        assert trace not in everything


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", UploadNotReadable),
        (b"%PDF-1.7\n<script>alert(1)</script>", UploadNotReadable),
        (b"GIF89a/*alert(1)*/=1", UploadNotReadable),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", UploadNotReadable),
        (b"<!doctype html><script>alert(1)</script>", UploadNotReadable),
        (b"PK\x03\x04" + b"\x00" * 100, UploadNotReadable),
        (photo()[:300], UploadNotReadable),
        (photo("PNG")[:60], UploadNotReadable),
        (b"\xff\xd8\xff" + b"\x00" * 5000, UploadNotReadable),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 5000, UploadNotReadable),
        (pdf()[:200], UploadNotReadable),
    ],
)
def test_what_only_pretends_is_refused(content: bytes, refusal: type[Exception]):
    with pytest.raises(refusal):
        clean_file(content)


def test_a_locked_pdf_is_refused_by_name():
    with pytest.raises(UploadLocked, match="password"):
        clean_file(pdf(encryption=pikepdf.Encryption(owner="one", user="two")))


def test_more_than_ten_megabytes_are_refused_before_they_are_read():
    with pytest.raises(UploadTooLarge, match="larger than 10 MB"):
        clean_file(b"%PDF-" + b" " * portal.UPLOAD_MAX_BYTES)


@pytest.mark.parametrize("side", [6400, 12000, 20000])
def test_a_small_file_with_a_huge_picture_is_refused(side: int):
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000

    with pytest.raises(UploadTooDetailed, match="pixels"):
        clean_file(out.getvalue())


def test_a_pdf_of_too_many_pages_or_objects_is_refused():
    def pages(made: pikepdf.Pdf) -> None:
        for _ in range(200):
            made.add_blank_page()

    def objects(made: pikepdf.Pdf) -> None:
        made.Root.More = [made.make_indirect(pikepdf.Dictionary()) for _ in range(50_001)]

    with pytest.raises(UploadTooDetailed, match="pages"):
        clean_file(pdf(pages))
    with pytest.raises(UploadTooDetailed, match="objects"):
        clean_file(pdf(objects, object_stream_mode=pikepdf.ObjectStreamMode.generate))


# --- Taken in --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_copy_is_evidence_of_grade_c_for_its_own_application():
    evidence_id = send(photo())

    [one] = held()
    assert (one.id, one.source, one.grade, one.checked) == (evidence_id, Source.UPLOAD, Grade.C, False)
    assert one.facts == {"person.school": "Sample School"}
    assert held(application_id=uuid4()) == ()


@pytest.mark.django_db
def test_a_copy_lies_under_a_name_that_says_nothing_for_the_portal_alone(folder: Path):
    send(photo(), name="../../Ayshe Test.exe")

    [path] = stored(folder)
    assert path.parent.parent.name == "evidence"
    assert "Ayshe" not in str(path)
    assert (path.suffix, stat.S_IMODE(path.stat().st_mode)) == (".jpg", 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../diploma.exe", "diploma.jpg"),
        ("C:\\scans\\diploma.jpeg", "diploma.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ("two\r\nlines.jpg", "twolines.jpg"),
        ("", "file.jpg"),
        ("毕业证", "毕业证.jpg"),
        ("x" * 500 + ".jpg", "x" * 120 + ".jpg"),
    ],
)
def test_a_copy_is_shown_under_a_harmless_name(sent: str, shown: str):
    send(photo(), name=sent)

    assert [one.name for one in queries.uploads(application_ids=[APPLICATION])] == [shown]


@pytest.mark.django_db
def test_the_same_file_sent_twice_is_one_copy(folder: Path):
    assert send(photo()) == send(photo())

    assert len(stored(folder)) == Upload.objects.count() == 1


@pytest.mark.django_db
def test_a_copy_that_proves_nothing_is_not_taken():
    statement = EvidenceType(
        code="single-status", name={}, organisation="civil-affairs", about="person", home=Home.DECLARATION,
        declaration=DeclarationKind.STATEMENT, upload=False, validity_months=0, proves=(),
    )  # fmt: skip

    with pytest.raises(actions.NoCopyTaken):
        send(photo(), kind=statement)


@pytest.mark.django_db
def test_what_is_refused_leaves_no_bytes(folder: Path):
    with pytest.raises(UploadNotReadable):
        send(b"%PDF-")

    assert stored(folder) == []
    assert Evidence.objects.count() == 0


@pytest.mark.django_db
def test_an_application_has_so_many_files_and_no_more(settings: object):
    settings.UPLOAD_MOST_PER_APPLICATION = 3
    for width in range(3):
        send(photo("PNG", size=(width + 1, 1)))

    with pytest.raises(actions.TooManyUploads):
        send(photo())


@pytest.mark.django_db
def test_an_account_sends_so_much_a_day_and_no_more(settings: object):
    """Over all its applications; the next day it goes on."""
    settings.UPLOAD_MOST_BYTES_PER_DAY = len(clean_file(photo()).content)
    send(photo())

    with pytest.raises(actions.TooManyBytes):
        send(photo(size=(61, 40)), application_id=uuid4())
    Upload.objects.update(uploaded_at=NOW - timedelta(days=1))
    send(photo(size=(61, 40)), application_id=uuid4())


# --- Looked at -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_copy_found_good_counts_in_its_application():
    evidence_id = send(photo())

    actions.check_upload(evidence_id=evidence_id, clerk=CLERK, good=True, now=NOW)
    actions.check_upload(evidence_id=evidence_id, clerk=CLERK, good=True, now=NOW)

    assert [(one.grade, one.checked) for one in held()] == [(Grade.C, True)]
    assert [one.checked for one in queries.uploads(application_ids=[APPLICATION])] == [True]


@pytest.mark.django_db
def test_a_copy_found_wanting_counts_no_more_and_another_one_is_needed():
    evidence_id = send(photo())
    actions.check_upload(evidence_id=evidence_id, clerk=CLERK, good=False, now=NOW)
    assert held() == ()

    with pytest.raises(actions.UploadFoundWanting):
        send(photo())
    another = send(photo(size=(61, 40)))

    assert [one.id for one in held()] == [another]
    checked = {one.evidence_id: one.checked for one in queries.uploads(application_ids=[APPLICATION])}
    assert checked == {evidence_id: False, another: None}


@pytest.mark.django_db
def test_what_one_officer_found_another_does_not_overturn():
    evidence_id = send(photo())
    actions.check_upload(evidence_id=evidence_id, clerk=CLERK, good=True, now=NOW)

    with pytest.raises(actions.AlreadyChecked):
        actions.check_upload(evidence_id=evidence_id, clerk=CLERK, good=False, now=NOW)


@pytest.mark.django_db
def test_only_an_officer_checks_a_copy_and_only_one_that_is_there():
    evidence_id = send(photo())

    with pytest.raises(actions.OfficersOnly):
        actions.check_upload(
            evidence_id=evidence_id, clerk=Actor(account_id=ACCOUNT, role=Role.APPLICANT), good=True, now=NOW
        )
    with pytest.raises(queries.NoSuchUpload):
        actions.check_upload(evidence_id=uuid4(), clerk=CLERK, good=True, now=NOW)


# --- Opened ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_officer_who_opens_a_copy_is_on_record():
    evidence_id = send(photo())
    reader = Reader(actor=CLERK, organisation="education", purpose="check_copy", basis="Education Act art. 1")

    file = actions.open_upload(evidence_id=evidence_id, application_id=APPLICATION, reader=reader, now=NOW)

    with file.open() as stream:
        content = stream.read()
    assert (file.kind, file.name, file.size) == ("image/jpeg", "diploma.jpg", len(content))
    row = Reading.objects.get()
    assert (row.actor_id, row.holder_id, row.matter_id) == (CLERK.account_id, HOLDER.id, APPLICATION)
    assert (row.purpose, row.fields, row.source) == ("check_copy", ["diploma"], "upload")


@pytest.mark.django_db
def test_a_copy_cannot_be_opened_through_another_application():
    """R3.2"""
    evidence_id = send(photo())

    with pytest.raises(queries.NoSuchUpload):
        queries.file(evidence_id=evidence_id, application_id=uuid4())
    with pytest.raises(queries.NoSuchUpload):
        queries.file(evidence_id=uuid4(), application_id=APPLICATION)
