"""What somebody was shown is genuine to the last byte, or it is not, and they are told why (R12.3)."""

import io
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from services.certificates import actions, keys, queries
from services.certificates.actions.papers import make_paper
from services.certificates.models import Certificate, Paper
from services.certificates.paper.rendering import render
from services.certificates.paper.seal import BYTE_RANGE, seal_pdf
from services.certificates.paper.writing import link_to, write
from services.certificates.queries import Doubt
from services.certificates.queries.checking import LARGEST_PDF, FileTooLarge, verify_code, verify_file
from services.core import statements
from services.core.facts import Holder
from services.core.states import Role
from services.ledger.actions import Actor
from tests.services.a_paper import LAST_DAY, NOW, TODAY, code_in, issued, paper_of, pilot_card

pytestmark = pytest.mark.django_db

SUPERVISOR = Actor(account_id=uuid4(), role=Role.SUPERVISOR)


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> None:
    """Keep the files of these tests for themselves."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def card(prefecture: object, ayse: Holder) -> queries.CertificateView:
    """Issue Ayshe's pilot card."""
    return issued(ayse)


def reason(content: bytes) -> str:
    answer = verify_file(content=content, on=TODAY)
    assert not answer.genuine
    # Nothing else is told of what is not genuine.
    assert answer == queries.VerifyAnswer(genuine=False, reason=answer.reason)
    return answer.reason


def sheet_of(one: queries.CertificateView, code: str) -> bytes:
    """Return the unsealed sheet of a certificate that carries this code."""
    written = write(Certificate.objects.get(id=one.id), code=code, language="en")
    return render(written, layouts=Path("nowhere"))


def sealed(sheet: bytes, key: keys.SealingKey, code: str) -> bytes:
    certificate = keys.make_certificate(key)
    return seal_pdf(sheet, key=key, certificate=certificate, reason="", link=link_to(code))


# --- Genuine ---------------------------------------------------------------------------------------------


def test_the_file_as_it_was_downloaded_is_genuine(card):
    answer = verify_file(content=paper_of(card), on=TODAY)

    assert answer == queries.VerifyAnswer(
        genuine=True, status="valid", number=card.number, type="pilot-card", organisation="records-office",
        version=1, issued_on=TODAY, valid_until=LAST_DAY,
    )  # fmt: skip


def test_the_square_code_tells_the_same(card):
    paper = paper_of(card)

    assert verify_code(code=code_in(paper), on=TODAY) == verify_file(content=paper, on=TODAY)


def test_an_earlier_copy_stays_genuine_when_the_file_was_made_again(card):
    first = paper_of(card)
    Paper.objects.update(lost_at=NOW)
    again = paper_of(card)

    assert first != again
    assert all(verify_file(content=one, on=TODAY).genuine for one in (first, again))


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (actions.suspend_certificate, "suspended"),
        (actions.revoke_certificate, "revoked"),
        (actions.cancel_certificate, "cancelled"),
    ],
)
def test_the_status_is_that_of_the_day_of_the_check(card, act, status):
    # R12.1: paper does not know what became of the certificate since.
    paper = paper_of(card)
    act(certificate_id=card.id, actor=SUPERVISOR, reason="untrue", legal_basis="Pilots Act art. 3", now=NOW)

    assert (
        verify_file(content=paper, on=TODAY).status,
        verify_code(code=code_in(paper), on=TODAY).status,
    ) == (
        status,
        status,
    )


def test_an_expired_one_and_a_superseded_one_are_told(card, ayse):
    paper = paper_of(card)
    late = LAST_DAY.replace(day=LAST_DAY.day + 1)
    assert verify_file(content=paper, on=late).status == "expired"

    [new] = actions.issue_certificates(rows=[pilot_card(ayse, supersedes=True)], now=NOW)

    assert verify_file(content=paper, on=TODAY).status == "superseded"
    assert (new.number, verify_file(content=paper_of(new), on=TODAY).version) == (card.number, 2)


# --- Not genuine, and why --------------------------------------------------------------------------------


def test_no_byte_can_be_changed(card):
    paper = paper_of(card)
    reasons = set()
    for place in range(0, len(paper), 100):
        changed = bytearray(paper)
        changed[place] ^= 0x01
        reasons.add(reason(bytes(changed)))

    assert reasons <= {Doubt.ALTERED, Doubt.UNREADABLE, Doubt.UNKNOWN_KEY, Doubt.UNSEALED}


def test_neither_can_a_byte_of_the_seal_itself(card):
    # The seal does not cover itself, nor the empty room behind it.
    paper = paper_of(card)
    _, start, end, _ = (int(number) for number in BYTE_RANGE.search(paper).groups())
    for place in [*range(start, start + 40), *range(end - 40, end)]:
        changed = bytearray(paper)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        assert reason(bytes(changed)) in (Doubt.ALTERED, Doubt.UNKNOWN_KEY)


def test_nothing_can_be_added_after_the_seal(card):
    paper = paper_of(card)

    assert reason(paper + b"\n% a comment\n") == Doubt.ADDED_TO
    assert reason(incremental_update(paper)) == Doubt.ADDED_TO


def incremental_update(paper: bytes) -> bytes:
    """Return the file with a note added in the way PDF has for it: what was sealed is left as it was."""
    from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    note = DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Contents"): pdf_string("until 2099")}
    )
    writer.add_object(note)
    changed = io.BytesIO()
    writer.write(changed)
    assert changed.getvalue().startswith(paper)
    return changed.getvalue()


def test_nothing_can_be_cut_off(card):
    paper = paper_of(card)

    assert reason(paper[:-1]) == Doubt.ALTERED
    assert reason(paper[: len(paper) // 2]) in (Doubt.ALTERED, Doubt.UNSEALED)


def test_a_copy_saved_anew_has_lost_its_seal(card):
    with pikepdf.open(io.BytesIO(paper_of(card))) as pdf:
        for place, name in ((pdf.Root, "/AcroForm"), (pdf.Root, "/Perms"), (pdf.pages[0].obj, "/Annots")):
            del place[name]
        saved = io.BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(saved)

    assert reason(saved.getvalue()) == Doubt.UNSEALED


def test_the_square_code_of_another_case_pasted_onto_it_breaks_the_seal(card, ayse):
    other = paper_of(issued(ayse, content={"person.full_name": "Somebody Else"}))
    with pikepdf.open(io.BytesIO(paper_of(card))) as pdf, pikepdf.open(io.BytesIO(other)) as stolen:
        pdf.pages[0].add_overlay(stolen.pages[0], pikepdf.Rectangle(40, 100, 200, 260))
        pasted = io.BytesIO()
        pdf.save(pasted)

    assert reason(pasted.getvalue()) == Doubt.ALTERED


def test_a_file_that_carries_the_code_of_another_certificate_is_found_out(card, ayse):
    # Even one of our own making: the record says which certificate a file is of.
    other = issued(ayse)
    foreign = code_in(paper_of(other))
    content = sealed(sheet_of(card, foreign), keys.sealing_key(), foreign)
    Paper.objects.create(
        certificate_id=card.id,
        language="en",
        digest=sha256(content).hexdigest(),
        stored_as="x",
        made_at=NOW,
    )

    assert reason(content) == Doubt.DISAGREES


def test_a_seal_of_somebody_else_is_unknown(card):
    theirs = sealed(sheet_of(card, "a.b.c"), generate_private_key(SECP256R1()), code_in(paper_of(card)))

    assert reason(theirs) == Doubt.UNKNOWN_KEY


@pytest.mark.parametrize("kind", ["rsa", "p384", "rsa_with_its_issuer"])
def test_a_seal_of_another_kind_is_somebody_elses_and_nothing_that_was_changed(card, kind):
    key = generate_private_key(SECP384R1()) if kind == "p384" else rsa.generate_private_key(65537, 2048)
    issuers = [of_somebody_else(generate_private_key(SECP256R1()))] if kind == "rsa_with_its_issuer" else []

    theirs = sealed_elsewhere(sheet_of(card, "a.b.c"), key, issuers)

    assert reason(theirs) == Doubt.UNKNOWN_KEY


def of_somebody_else(key) -> x509.Certificate:
    """Return a certificate that a key of any kind gives itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody else")])
    draft = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), keys.FIRST_DAY, keys.LAST_DAY
    )
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return draft.add_extension(usage, critical=True).sign(key, SHA256())


def sealed_elsewhere(pdf: bytes, key, issuers: list[x509.Certificate]) -> bytes:
    """Return the PDF as another house would seal it: with a key of its own kind, and who vouches for it beside."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def loaded(one: x509.Certificate) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))

    signer = signers.SimpleSigner(
        signing_cert=loaded(of_somebody_else(key)),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=SimpleCertificateStore.from_certs([loaded(one) for one in issuers]),
    )
    said = signers.PdfSignatureMetadata(field_name="Theirs")
    return bytes(signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), said, signer=signer).getvalue())


def test_a_file_with_our_key_that_we_have_no_record_of_is_not_genuine(card):
    ours = sealed(sheet_of(card, "a.b.c"), keys.sealing_key(), "a.b.c")
    assert reason(ours) == Doubt.UNREADABLE

    one = Certificate.objects.select_related("seal_key").get(id=card.id)
    signed = queries.signed_statement(one, bytes(one.seal_key.public_key))
    code = statements.compact(signed, bytes(one.signature))
    assert reason(sealed(sheet_of(card, code), keys.sealing_key(), code)) == Doubt.UNRECORDED


def test_a_record_that_was_altered_vouches_for_nothing(card):
    paper = paper_of(card)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER USER")
        cursor.execute("UPDATE certificates_certificate SET valid_until = '2099-01-01'")

    assert reason(paper) == Doubt.DISAGREES
    assert verify_code(code=code_in(paper), on=TODAY).reason == Doubt.DISAGREES


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Doubt.UNREADABLE),
        (b"GIF89a/*%PDF-", Doubt.UNREADABLE),
        (b"%PDF-1.7\n<script>", Doubt.UNSEALED),
        (b"%PDF-1.7\n/ByteRange [0 9 9 9]", Doubt.ALTERED),
        (b"%PDF-1.7\n/ByteRange [0 999999999 999999999 999999999]", Doubt.ALTERED),
        (b"%PDF-1.7\n/ByteRange [5 1 0 2]" + b"<30>" * 9, Doubt.ALTERED),
        (
            b"%PDF-1.7\n/ByteRange [0 34 42 0]    <30030101>" + b"/ContactInfo (" + b"\\777" * 900,
            Doubt.ALTERED,
        ),
    ],
)
def test_whatever_is_dropped_gets_an_answer(db, content, why):
    assert reason(content) == why


def test_a_seal_of_another_make_is_no_seal_of_ours(db):
    empty = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": "v1", "digest_algorithms": [], "encap_content_info": {"content_type": "data"}, "signer_infos": [],
    })}).dump().hex().encode()  # fmt: skip
    start = len(b"%PDF-1.7\n/ByteRange [0 000 000 000]")
    content = b"%%PDF-1.7\n/ByteRange [0 %03d %03d 000]<%b>" % (start, start + len(empty) + 2, empty)

    assert reason(content) == Doubt.ALTERED


def test_a_large_file_is_not_even_looked_at(db):
    with pytest.raises(FileTooLarge, match="2 MB"):
        verify_file(content=b"%PDF-" + bytes(LARGEST_PDF), on=TODAY)


def test_a_code_of_a_key_of_ours_must_be_signed_by_it(card):
    head, payload, signature = code_in(paper_of(card)).split(".")
    forged = signature[:40] + ("A" if signature[40] != "A" else "B") + signature[41:]

    assert verify_code(code=f"{head}.{payload}.{forged}", on=TODAY).reason == Doubt.ALTERED
    assert verify_code(code="number-and-name", on=TODAY).reason == Doubt.UNREADABLE


def test_two_languages_of_one_certificate_are_both_it(card):
    numbers = {
        verify_file(
            content=make_paper(certificate_id=card.id, language=one, now=NOW).content, on=TODAY
        ).number
        for one in ("zh", "ug")
    }

    assert numbers == {card.number}
