"""A certificate on paper: PDF/A in three languages, sealed, one file for all who ask, and made of data only."""

import io
import json
import stat
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
import segno
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings as django_settings
from django.db import DatabaseError, transaction
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.certificates import actions, files, keys, queries
from services.certificates.actions.papers import NoPaperInLanguage, NoPaperOfIt, make_paper, open_paper
from services.certificates.models import Certificate, Paper
from services.certificates.paper.rendering import render
from services.certificates.paper.writing import LANGUAGES, square_code, write
from services.certificates.queries.checking import verify_code
from services.core.facts import Holder
from services.core.states import Role
from services.ledger.actions import Actor
from services.people.queries import AccountView
from tests.services.a_paper import NOW, TODAY, issued, paper_of
from tests.services.a_picture import square_code_on
from tests.services.together import together

pytestmark = pytest.mark.django_db

LAYOUTS = Path(django_settings.CATALOGUE_DIR) / "certificates"
SUPERVISOR = Actor(account_id=uuid4(), role=Role.SUPERVISOR)


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> Path:
    """Keep the files of these tests for themselves."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def written(one: queries.CertificateView, language: str = "en") -> dict[str, object]:
    return write(Certificate.objects.get(id=one.id), code="a.b.c", language=language)


def text_of(paper: dict[str, object]) -> str:
    return json.dumps(paper, ensure_ascii=False)


# --- The file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_what_archives_keep(prefecture: object, ayse: Holder, language: str):
    content = paper_of(issued(ayse), language)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = pdf.open_metadata()
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "A")
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.MarkInfo.Marked
        fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontName" in one]
        assert fonts
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts)
        assert "/JavaScript" not in str(pdf.Root.get("/Names", ""))
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_square_code_leads_to_the_check(prefecture: object, ayse: Holder, language: str, tmp_path: Path):
    one = issued(ayse)

    said = square_code_on(paper_of(one, language), tmp_path)

    address, _, code = said.rpartition("/")
    assert address == f"{django_settings.SITE_URL}/verify/code"
    assert verify_code(code=code, on=TODAY).number == one.number
    assert "Ayshe" not in said


def test_the_signed_text_travels_with_the_file(prefecture: object, ayse: Holder):
    one = issued(ayse)

    with pikepdf.open(io.BytesIO(paper_of(one))) as pdf:
        [attached] = pdf.attachments.values()
        code = attached.get_file().read_bytes().decode()

    assert attached.filename == "certificate.jws"
    assert verify_code(code=code, on=TODAY).genuine


def test_any_reader_of_pdfs_sees_a_seal_that_allows_no_change(prefecture: object, ayse: Holder):
    content = paper_of(issued(ayse))
    ours = keys.sealing_certificate(keys.sealing_key()).public_bytes(Encoding.DER)
    trusted = ValidationContext(trust_roots=[asn1_x509.Certificate.load(ours)])

    [seal] = PdfFileReader(io.BytesIO(content)).embedded_signatures
    status = validate_pdf_signature(seal, trusted)

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert str(seal.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert seal.docmdp_level.name == "NO_CHANGES"


def test_the_same_version_gives_the_same_sheet(prefecture: object, ayse: Holder):
    paper = written(issued(ayse))

    assert render(paper, layouts=LAYOUTS) == render(paper, layouts=LAYOUTS)


# --- What stands on it -----------------------------------------------------------------------------------


def test_it_says_who_what_and_until_when_in_the_readers_language(prefecture: object, ayse: Holder):
    one = issued(ayse)

    english, chinese, uyghur = (written(one, language) for language in LANGUAGES)

    assert (english["title"], chinese["title"]) == ("Pilot card", "引航卡")
    assert (english["issued"], chinese["issued"]) == ("2 March 2026", "2026年3月2日")
    # R12.4: on paper or not, it says the same.
    assert [one["lines"] for one in english["rows"]] == [["31 December 1949"]]
    assert (english["number"], english["check_code"]) == (one.number, one.check_code)
    assert english["words"]["number"] == "Number"
    assert chinese["words"]["number"] == "证照编号"
    assert uyghur["words"]["number"] == "گۇۋاھنامە نومۇرى"
    assert english["holder"] == "Ayshe Test"
    assert {one["fact"] for one in english["rows"]} == {"person.birth_date"}


def test_a_persons_number_is_masked(prefecture: object, ayse: Holder):
    # R12.10: whoever is shown the paper learns the first and the last two characters.
    paper = written(issued(ayse))

    assert paper["holder_number"] == "1***************2X"
    assert "11010519491231002X" not in text_of(paper)


def test_a_demonstration_prints_specimens(prefecture: object, ayse: Holder, settings: object):
    one = issued(ayse)
    plain, settings.DEMONSTRATION = written(one), True

    assert (plain["specimen"], written(one)["specimen"]) == (False, True)


ATTACKS = (
    '#read("/etc/passwd")',
    '#import "/etc/passwd": *',
    "#panic()",
    "] #pagebreak() [",
    "$ x^2 $ *bold* _it_ `raw` @ref <label> \\ // comment",
    '"; #sys.inputs',
    '#eval("1+1")',
)


@pytest.mark.parametrize("answer", ATTACKS)
def test_what_people_answer_is_text_and_never_source(prefecture: object, ayse: Holder, answer: str):
    usual = written(issued(ayse))
    hostile = usual | {
        "holder": answer,
        "title": answer,
        "rows": [{"label": answer, "lines": [answer], "fact": "a"}],
    }

    harmless = render(hostile, layouts=LAYOUTS)

    with pikepdf.open(io.BytesIO(harmless)) as pdf:
        # Printed letter by letter: the title as it was given stands in the file's own description.
        assert answer in str(pdf.docinfo["/Title"])
        assert len(pdf.pages) == 1


def test_letters_of_no_font_do_not_stop_a_certificate(prefecture: object, ayse: Holder):
    paper = written(issued(ayse)) | {"holder": "𒀀 \u202eevil\u0007 ﷽ 🀄"}

    # A name with a letter that no font has is printed with a mark in its place, and the paper is made.
    assert render(paper, layouts=LAYOUTS).startswith(b"%PDF-")


def test_a_long_list_goes_on_over_pages_and_the_foot_stays_whole(prefecture: object, ayse: Holder):
    goods = {"label": "Goods", "fact": "a", "columns": ["What", "Weight"], "rows": [["Walnuts", "1 kg"]] * 90}
    paper = written(issued(ayse)) | {"rows": [goods]}

    with pikepdf.open(io.BytesIO(render(paper, layouts=LAYOUTS))) as pdf:
        assert len(pdf.pages) > 1


def test_a_type_may_have_a_sheet_of_its_own(prefecture: object, ayse: Holder, tmp_path: Path):
    paper = written(issued(ayse))
    usual = render(paper, layouts=tmp_path)
    (tmp_path / "pilot-card.typ").write_text(
        '#import "base.typ": sheet, it\n#sheet(width: 148mm, height: 105mm)[= #it.title]'
    )

    own = render(paper, layouts=tmp_path)

    with pikepdf.open(io.BytesIO(own)) as pdf:
        assert float(pdf.pages[0].mediabox[2]) < 420 < 595
    assert own != usual


@pytest.mark.parametrize("layout", sorted(LAYOUTS.glob("*.typ")), ids=lambda file: file.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_of_the_catalogue_can_be_set(
    prefecture: object, ayse: Holder, layout: Path, language: str
):
    paper = written(issued(ayse), language) | {"type": layout.stem, "qr": square_code("a" * 480)}

    with pikepdf.open(io.BytesIO(render(paper, layouts=LAYOUTS))) as pdf:
        assert len(pdf.pages) == 1
        assert "certificate.jws" in pdf.attachments


# --- One file for all who ask ----------------------------------------------------------------------------


def test_it_is_made_once_and_lies_where_only_the_house_reads(
    prefecture: object, ayse: Holder, own_files: Path
):
    one = issued(ayse)

    first, again = paper_of(one), paper_of(one)

    assert first == again
    [file] = list(own_files.rglob("*.pdf"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert one.number not in file.name


def test_each_language_is_a_file_of_its_own(prefecture: object, ayse: Holder):
    one = issued(ayse)

    assert len({paper_of(one, language) for language in LANGUAGES}) == 3
    assert Paper.objects.count() == 3


@pytest.mark.parametrize("lose", ["gone", "spoilt"])
def test_what_was_lost_is_made_again(prefecture: object, ayse: Holder, own_files: Path, lose: str):
    one = issued(ayse)
    paper_of(one)
    [file] = own_files.rglob("*.pdf")
    file.unlink() if lose == "gone" else file.write_bytes(b"%PDF-spoilt")

    again = paper_of(one)

    assert again.startswith(b"%PDF-1.7")
    assert paper_of(one) == again
    assert Paper.objects.filter(lost_at__isnull=False).count() == 1


def test_two_who_ask_at_once_get_one_file(
    transactional_db: None, prefecture: object, ayse: Holder, own_files: Path
):
    one = issued(ayse)

    first, second = together(2, lambda: paper_of(one))

    assert first == second
    assert len(list(own_files.rglob("*.pdf"))) == Paper.objects.count() == 1


def test_issuing_makes_no_paper(prefecture: object, ayse: Holder, own_files: Path):
    issued(ayse)

    assert Paper.objects.count() == 0
    assert not list(own_files.rglob("*.pdf"))


def test_the_record_of_papers_cannot_be_rewritten(prefecture: object, ayse: Holder):
    paper_of(issued(ayse))

    for change in (
        lambda: Paper.objects.update(digest="0" * 64),
        lambda: Paper.objects.update(stored_as="elsewhere"),
        Paper.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_file_that_is_not_there_is_no_error():
    assert files.kept("certificates/no/such.pdf") is None
    files.discard("certificates/no/such.pdf")


# --- Who may have it -------------------------------------------------------------------------------------


def test_the_holder_takes_it_and_nobody_else(ayshe: AccountView, ayse: Holder, own_files: Path):
    one = issued(ayse)
    stranger = issued(Holder("person", uuid4()))

    taken = open_paper(viewer=ayshe, certificate_id=one.id, language="zh", now=NOW)

    assert taken.name == f"{one.number}-1-zh.pdf"
    with pytest.raises(queries.NoSuchCertificate):
        open_paper(viewer=ayshe, certificate_id=stranger.id, language="zh", now=NOW)
    with pytest.raises(NoPaperInLanguage):
        open_paper(viewer=ayshe, certificate_id=one.id, language="fr", now=NOW)


def test_what_is_out_of_force_is_not_printed_as_if_it_were(prefecture: object, ayse: Holder):
    one = issued(ayse)
    paper_of(one)
    actions.suspend_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="kitchen", legal_basis="Food Act art. 7", now=NOW
    )

    with pytest.raises(NoPaperOfIt, match="suspended"):
        paper_of(one)


def test_an_expired_one_says_so_by_its_date(prefecture: object, ayse: Holder):
    one = issued(ayse)

    assert make_paper(certificate_id=one.id, language="en", now=NOW + timedelta(days=900)).content


def test_a_square_code_is_no_larger_than_a_telephone_reads():
    assert segno.make("a" * 485, error="m", micro=False, boost_error=False).version <= 18
