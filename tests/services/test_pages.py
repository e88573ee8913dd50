"""Several photos make one piece of evidence, in their order, over a line that may break."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.db import connection, transaction
from PIL import Image

from services.cases.actions import harm, sending
from services.cases.actions.giving import DecidedAlready
from services.cases.queries.visibility import NoSuchApplication
from services.core.acts import NotRequired
from services.evidence import actions, queries
from services.evidence.actions import (
    NoCopyTaken,
    NoSuchPage,
    NothingSent,
    SentFile,
    StillArriving,
    TooManyUploads,
    WrongOffset,
)
from services.evidence.binding import TooManyPages, bound
from services.evidence.cleaning import UploadIsDocument, UploadNotReadable, UploadTooLarge
from services.evidence.models import Evidence, SentPage, Upload
from services.people import queries as persons
from services.people.models import Account
from tests.services.a_matter import begin, file
from tests.services.a_register import NOW
from tests.services.test_phone_photos import phone_photo

SHED = {"application.works": "a shed", "application.height": 3}
HOME = {"application.home": "1 Orchard Lane"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def place(ayshe):
    application = begin(ayshe, "works-permit", SHED)
    return {"viewer": ayshe, "application_id": application, "requirement": "plan", "type": "works-plan"}


def photo(kind="JPEG", size=(60, 40), shade="teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, shade).save(out, kind)
    return out.getvalue()


def a_pdf(pages=1) -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(200, 100))
        made.save(out)
    return out.getvalue()


def sent(place, *contents: bytes) -> list[SentFile]:
    account = place["viewer"].id
    return [
        SentFile(name=f"{number}.jpg", content=one, account_id=account) for number, one in enumerate(contents)
    ]


def shown(place):
    named = {name: place[name] for name in ("application_id", "requirement", "type")}
    return queries.pages(**named)


def piece(place, page, offset, content):
    return sending.receive_page(
        viewer=place["viewer"], application_id=place["application_id"], page_id=page.id, offset=offset,
        content=content,
    )  # fmt: skip


def colors(content: bytes) -> list[tuple[int, int, int]]:
    """Return what each page of a PDF shows in its middle."""
    with pikepdf.open(BytesIO(content)) as pdf:
        pictures = [pikepdf.PdfImage(page.Resources.XObject.Picture).as_pil_image() for page in pdf.pages]
    return [picture.getpixel((picture.width // 2, picture.height // 2)) for picture in pictures]


def near(color, wanted) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(color, wanted, strict=True))


# --- One piece -------------------------------------------------------------------------------------------


def test_photos_sent_together_are_one_pdf_in_their_order(place):
    evidence_id = sending.hand_in(
        **place, files=sent(place, photo(shade=(200, 0, 0)), photo("PNG", shade=(0, 0, 200))), now=NOW
    )

    copy = Upload.objects.get(evidence_id=evidence_id)
    with queries.file(evidence_id=evidence_id, application_id=place["application_id"]).open() as stream:
        first, second = colors(stream.read())
    assert (copy.kind, Upload.objects.count()) == ("application/pdf", 1)
    assert near(first, (200, 0, 0)) and near(second, (0, 0, 200))


def test_a_single_photo_stays_a_photo(place):
    sending.hand_in(**place, files=sent(place, photo()), now=NOW)

    assert Upload.objects.get().kind == "image/jpeg"


def test_photos_and_pdfs_go_together():
    whole = bound([photo(), a_pdf(pages=2), photo("PNG")])

    with pikepdf.open(BytesIO(whole.content)) as pdf:
        assert len(pdf.pages) == 4
        assert b"JavaScript" not in whole.content


def test_pages_are_put_in_order_and_taken_out_before_they_are_handed_in(place):
    red, green, blue = (photo(shade=one) for one in ((200, 0, 0), (0, 200, 0), (0, 0, 200)))
    sending.add_pages(**place, files=sent(place, red, green), now=NOW)
    sending.add_pages(**place, files=sent(place, blue), now=NOW)
    one, two, three = shown(place)
    assert Evidence.objects.filter(source="upload").count() == 0

    def arrange(page, by):
        sending.arrange_page(
            viewer=place["viewer"], application_id=place["application_id"], page_id=page.id, by=by
        )

    arrange(three, -1)
    arrange(three, -1)
    arrange(three, -1)  # at the front nothing changes
    arrange(two, 0)
    assert [page.id for page in shown(place)] == [three.id, one.id]

    evidence_id = sending.hand_in(**place, now=NOW)
    with queries.file(evidence_id=evidence_id, application_id=place["application_id"]).open() as stream:
        first, second = colors(stream.read())
    assert near(first, (0, 0, 200)) and near(second, (200, 0, 0))
    assert shown(place) == ()


def test_whoever_moves_a_page_while_others_go_waits_and_nobody_is_thrown_out(transactional_db, place):
    """Pages are locked in one order, whatever is done with them; no ring of waiting is made."""
    named = {name: place[name] for name in ("application_id", "requirement", "type")}
    sending.add_pages(**place, files=sent(place, photo(shade="red"), photo(shade="blue")), now=NOW)
    first, last = SentPage.objects.order_by("id")
    by = -1 if last.position > first.position else 1

    def move() -> None:
        with suppress(NoSuchPage):  # it may be gone by the time it is free
            actions.move_page(page_id=last.id, account_id=place["viewer"].id, by=by)
        connection.close()

    with ThreadPoolExecutor(1) as another, transaction.atomic():
        SentPage.objects.select_for_update().get(id=first.id)
        moved = another.submit(move)
        wait_until_somebody_waits(moved)
        actions.clear_pages(place=actions.Place(**named))
    moved.result()

    assert not SentPage.objects.exists()


def wait_until_somebody_waits(other: Future[None]) -> None:
    """Return when another connection waits for a lock of ours, or is done."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    with connection.cursor() as cursor:
        while not other.done():
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return


def test_more_than_make_one_piece_are_refused_at_once(place, settings):
    settings.UPLOAD_MAX_PAGES = 2

    with pytest.raises(TooManyPages):
        bound([photo()] * 3)
    with pytest.raises(TooManyPages):
        sending.add_pages(**place, files=sent(place, photo(), photo(), photo()), now=NOW)


# --- Over a line that breaks ------------------------------------------------------------------------------


def test_a_broken_line_loses_nothing(place):
    """tus: whoever comes back asks how much has arrived, and goes on from there."""
    content = photo(size=(300, 200))
    page = sending.begin_page(**place, name="scan.jpg", length=len(content), now=NOW)
    assert piece(place, page, 0, content[:1000]) == 1000

    with pytest.raises(StillArriving):
        sending.hand_in(**place, now=NOW)
    with pytest.raises(WrongOffset) as refusal:
        piece(place, page, 0, content[:1000])
    assert refusal.value.values == {"offset": 1000}
    (waiting,) = shown(place)
    assert (waiting.received, waiting.whole) == (1000, False)

    assert piece(place, page, 1000, content[1000:]) == len(content)
    sending.hand_in(**place, now=NOW)
    assert Upload.objects.get().kind == "image/jpeg"


def test_parts_lie_where_only_the_house_reads_and_go_after_a_day(
    place, folder, django_capture_on_commit_callbacks
):
    page = sending.begin_page(**place, name="scan.jpg", length=2000, now=NOW)
    piece(place, page, 0, photo()[:100])
    (part,) = (one for one in (folder / "arriving").rglob("*") if one.is_file())
    assert part.stat().st_mode & 0o777 == 0o600

    assert harm.clear_old() == 0
    SentPage.objects.update(begun_at="2020-01-01T00:00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        assert harm.clear_old() == 1
    assert not part.exists() and shown(place) == ()


def test_limits_are_told_before_a_byte_has_come(place, settings):
    with pytest.raises(UploadTooLarge):
        sending.begin_page(**place, name="x", length=settings.UPLOAD_MAX_BYTES + 1, now=NOW)
    settings.UPLOAD_MOST_PER_APPLICATION = 1
    sending.begin_page(**place, name="x", length=10, now=NOW)
    with pytest.raises(TooManyUploads):
        sending.begin_page(**place, name="y", length=10, now=NOW)


def test_more_than_was_announced_is_not_taken(place):
    page = sending.begin_page(**place, name="x", length=10, now=NOW)

    with pytest.raises(WrongOffset):
        piece(place, page, 0, photo())


def test_what_can_never_be_used_is_refused_at_its_first_piece(place):
    docx = b"PK\x03\x04" + b"\x00" * 26 + b"[Content_Types].xml" + b"\x00" * 50
    page = sending.begin_page(**place, name="letter.docx", length=5000, now=NOW)

    with pytest.raises(UploadIsDocument):
        piece(place, page, 0, docx)
    assert shown(place) == ()


@pytest.mark.parametrize("small", [1, 8, 11])
def test_a_phones_photo_may_come_in_however_small_pieces(place, small):
    """What a HEIC is stands in its first twelve bytes: with fewer, nothing is decided."""
    content = phone_photo()
    page = sending.begin_page(**place, name="photo.heic", length=len(content), now=NOW)

    for offset in range(0, 12, small):
        piece(place, page, offset, content[offset : min(offset + small, 12)])
    piece(place, page, 12, content[12:])
    sending.hand_in(**place, now=NOW)

    assert Upload.objects.get().kind == "image/jpeg"


@pytest.mark.parametrize("length", [3, 5000])
def test_what_can_never_be_used_is_refused_however_small_its_pieces(place, length):
    content = (b"PK\x03\x04" + b"\x00" * 5000)[:length]
    page = sending.begin_page(**place, name="photos.zip", length=length, now=NOW)

    piece(place, page, 0, content[:2])
    with pytest.raises(UploadNotReadable):
        piece(place, page, 2, content[2:])
    assert shown(place) == ()


def test_nothing_is_sent_for_what_nobody_asks_and_by_nobody_else(place, ayshe):
    """R1.5, R3.1."""
    other = persons.account(Account.objects.create_user(username="other").id)
    page = sending.begin_page(**place, name="x", length=10, now=NOW)
    with pytest.raises(NotRequired):
        sending.begin_page(
            **{**place, "requirement": "photo", "type": "portrait"}, name="x", length=9, now=NOW
        )
    with pytest.raises(NoSuchApplication):
        piece({**place, "viewer": other}, page, 0, b"%PDF-")
    with pytest.raises(NoSuchPage):
        sending.arrange_page(viewer=ayshe, application_id=place["application_id"], page_id=uuid4(), by=0)
    with pytest.raises(NothingSent):
        sending.hand_in(**{**place, "application_id": begin(ayshe, "works-permit", SHED)}, now=NOW)
    case = file(ayshe, "home-record", HOME)
    decided = {
        "viewer": ayshe,
        "application_id": case.application_id,
        "requirement": "identity",
        "type": "id-card",
    }
    with pytest.raises(DecidedAlready):
        sending.begin_page(**decided, name="x", length=10, now=NOW)


def test_no_room_is_made_for_a_copy_that_proves_nothing(ayshe):
    deed = begin(ayshe, "joint-deed")
    place = {"viewer": ayshe, "application_id": deed, "requirement": "free", "type": "free-to-marry"}

    with pytest.raises(NoCopyTaken):
        sending.begin_page(**place, name="x", length=10, now=NOW)
