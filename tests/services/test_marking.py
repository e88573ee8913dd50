"""R3.17: a copy of grade B that an officer takes carries its mark on every page; what is kept never does."""

import io
from datetime import date
from uuid import uuid4

import pikepdf
import pytest
from PIL import Image, ImageChops

from portal.downloads import download_copy
from portal.settling import words_of_mark
from services.cases.actions import reading
from services.evidence.marking import marked
from services.evidence.models import Evidence, Upload
from services.evidence.queries import papers
from tests.services.a_matter import noon, officer
from tests.services.a_picture import picture_of
from tests.services.an_inspection import inspect

pytestmark = pytest.mark.usefixtures("folder")

WORDS = "Records office · only for government service · valid until 2 March 2031"


def sheet(kind: str, size: tuple[int, int] = (600, 800)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def is_white(image: Image.Image) -> bool:
    return (
        ImageChops.invert(image.convert("L")).point(lambda light: 255 if light > 20 else 0).getbbox() is None
    )


@pytest.mark.parametrize(
    "words", [WORDS, "档案局 · 仅限政务服务使用 · 有效期至2031年3月2日", "ئارخىپ ئىدارىسى"]
)
@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_it_lies_across_a_picture_which_stays_of_its_kind_and_size(form, kind, words):
    content = sheet(form)

    with Image.open(io.BytesIO(marked(content, kind=kind, words=words))) as image:
        assert (image.format, image.size) == (form, (600, 800))
        # In the middle, above and below it: cutting one away leaves the others.
        assert not any(is_white(image.crop((0, top, 600, top + 200))) for top in (100, 300, 500))


def test_what_is_written_beneath_stays_readable():
    black = io.BytesIO()
    Image.new("RGB", (600, 800), "black").save(black, "PNG")

    with Image.open(io.BytesIO(marked(black.getvalue(), kind="image/png", words=WORDS))) as image:
        assert max(high for _, high in image.convert("RGB").getextrema()) < 128


def test_it_lies_on_every_page_of_a_pdf_however_it_is_turned(tmp_path):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for turned in (0, 90, 0):
            pdf.add_blank_page(page_size=(595, 842)).rotate(turned, relative=False)
        pdf.save(out)

    with pikepdf.open(io.BytesIO(marked(out.getvalue(), kind="application/pdf", words=WORDS))) as pdf:
        for number, page in enumerate(pdf.pages):
            alone = io.BytesIO()
            with pikepdf.new() as one:
                one.pages.append(page)
                one.save(alone)
            assert not is_white(picture_of(alone.getvalue(), tmp_path)), number


def test_the_words_are_text_and_never_source():
    assert marked(sheet("PNG"), kind="image/png", words='#panic() #read("/etc/passwd") ] $x$')


def copy_of(case, *, by) -> tuple[Upload, bytes]:
    """Return the copy of the card, and what an officer gets who takes it."""
    row = Upload.objects.get(application_id=case.application_id, type="id-card")
    found = reading.open_file(viewer=by, case_id=case.id, evidence_id=row.evidence_id, now=noon(6))
    return row, b"".join(download_copy(found).streaming_content)


def test_a_copy_is_marked_once_its_original_was_seen_and_the_kept_one_never(tower, folder):
    clerk = officer("works-office")
    row, before = copy_of(tower, by=clerk)
    kept = (folder / row.stored_as).read_bytes()
    assert before == kept  # grade C: nothing vouches for it, and nothing says so

    inspect(tower, ["identity"])

    row, after = copy_of(tower, by=clerk)
    assert after != before
    with Image.open(io.BytesIO(before)) as plain, Image.open(io.BytesIO(after)) as stamped:
        assert (stamped.format, stamped.size) == (plain.format, plain.size)
    assert (folder / row.stored_as).read_bytes() == kept


def test_its_mark_names_the_issuer_the_use_and_the_last_day(tower):
    inspect(tower, ["identity"])
    seen = Evidence.objects.get(application_id=tower.application_id, source="seen")

    row = Upload.objects.get(application_id=tower.application_id, type="id-card")
    found = reading.open_file(
        viewer=officer("works-office"), case_id=tower.id, evidence_id=row.evidence_id, now=noon(6)
    )

    assert (found.mark.organisation, found.mark.valid_until) == (seen.organisation, seen.valid_until)
    words = words_of_mark(seen.organisation, date(2031, 3, 2), {seen.organisation: "Records office"})
    assert "Records office" in words and "only for government service" in words and "2 March 2031" in words


def test_a_copy_that_was_found_wanting_carries_no_mark(tower):
    """R3.17: what an officer has rejected is of no grade, though the original of a better copy was seen."""
    good = Upload.objects.get(application_id=tower.application_id, type="id-card").evidence
    about = {
        name: getattr(good, name)
        for name in ("application_id", "type", "organisation", "holder_kind", "holder_id")
    }
    bad = Evidence.objects.create(
        **about, source="upload", grade="C", facts={}, obtained_at=noon(2), obtained_on=noon(2).date(),
        reusable=False, checked_by=uuid4(), checked_at=noon(3), ended_at=noon(3), ended_as="not_good",
    )  # fmt: skip
    Upload.objects.create(
        evidence=bad, application_id=good.application_id, type=good.type, holder_id=good.holder_id,
        stored_as="evidence/bad.png", name="bad.png", kind="image/png", size=1, sha256="0", received_sha256="0",
        uploaded_by=uuid4(), uploaded_at=noon(2),
    )  # fmt: skip
    inspect(tower, ["identity"])

    marks = [papers.file(evidence_id=one.id, application_id=tower.application_id).mark for one in (good, bad)]
    assert [mark is not None for mark in marks] == [True, False]
