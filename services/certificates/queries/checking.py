"""Whether what somebody was shown is genuine: the code they scanned, or the file they were sent. Nothing of it is kept.

What is told is what the number and check code tell: issuer, type, dates and status, never whose it is (R12.3).
"""

from datetime import date
from hashlib import sha256

from services.certificates import keys
from services.certificates.models import Certificate, Paper, SealKey
from services.certificates.paper.seal import PdfSeal, read_seal
from services.certificates.paper.writing import CODE_PATH
from services.certificates.queries import Doubt, VerifyAnswer, is_genuine, statement_of, told_of
from services.core.refusal import Kind, Refusal
from services.core.statements import NotAStatement, SignedStatement, read_statement

LARGEST_PDF = 2 * 1024 * 1024  # ours have a tenth of it


class FileTooLarge(Refusal):
    """No certificate of ours is as large."""

    code = "checked_file_too_large"
    kind = Kind.TOO_LARGE
    sentence = "This file is too large for a certificate of ours: those have less than {megabytes} MB."


def verify_code(*, code: str, on: date) -> VerifyAnswer:
    """Return whether the text of a square code is that of a certificate of ours, and its status on the day."""
    found = _certificate_of(code)
    return told_of(found, on) if isinstance(found, Certificate) else _not_genuine(found)


def verify_file(*, content: bytes, on: date) -> VerifyAnswer:
    """Return whether the file is, to the last byte, one that we made, and the certificate's status on the day.

    :raises FileTooLarge:
    """
    if len(content) > LARGEST_PDF:
        raise FileTooLarge(megabytes=LARGEST_PDF // 1024 // 1024)
    if not content.startswith(b"%PDF-"):
        return _not_genuine(Doubt.UNREADABLE)
    seal = read_seal(content)
    doubt = _doubt_about(seal) if seal else Doubt.UNSEALED
    if doubt or seal is None:
        return _not_genuine(doubt or Doubt.UNSEALED)
    found = _certificate_of(seal.link.partition(CODE_PATH)[2])
    if not isinstance(found, Certificate):
        return _not_genuine(found)
    return _as_recorded(found, content, on)


def _doubt_about(seal: PdfSeal) -> Doubt | None:
    """Return what is wrong with a seal, looked at alone."""
    # Whose it is comes first: what somebody else has sealed is not one of ours that was changed.
    if seal.public_key and not SealKey.objects.filter(id=keys.key_id(seal.public_key)).exists():
        return Doubt.UNKNOWN_KEY
    if not seal.is_intact:
        return Doubt.ALTERED
    return None if seal.covers_everything else Doubt.ADDED_TO


def _as_recorded(found: Certificate, content: bytes, on: date) -> VerifyAnswer:
    """Return the answer for a file that is sealed well and carries the code of this certificate."""
    paper = Paper.objects.filter(digest=sha256(content).hexdigest()).first()
    if paper is None:
        # Its seal fits, so the difference lies in the seal itself; or we made it, and forgot.
        known = Paper.objects.filter(certificate=found).exists()
        return _not_genuine(Doubt.ALTERED if known else Doubt.UNRECORDED)
    return told_of(found, on) if paper.certificate_id == found.id else _not_genuine(Doubt.DISAGREES)


def _certificate_of(code: str) -> Certificate | Doubt:
    """Return the certificate that the signed text speaks of, or why there is none."""
    try:
        read = read_statement(code)
    except NotAStatement:
        return Doubt.UNREADABLE
    doubt = _doubt_about_signature(read)
    if doubt:
        return doubt
    said = read.statement
    rows = Certificate.objects.select_related("seal_key").filter(number=said.number, version=said.version)
    row = rows.first()
    if row is None:
        return Doubt.UNRECORDED
    return row if statement_of(row) == said and is_genuine(row) else Doubt.DISAGREES


def _doubt_about_signature(read: SignedStatement) -> Doubt | None:
    key = SealKey.objects.filter(id=read.key_id).first()
    if key is None:
        return Doubt.UNKNOWN_KEY
    public = bytes(key.public_key)
    fits = keys.algorithm_of(public) == read.algorithm
    return None if fits and keys.is_sealed_by(public, read.signature, read.signed) else Doubt.ALTERED


def _not_genuine(doubt: Doubt) -> VerifyAnswer:
    return VerifyAnswer(genuine=False, reason=doubt)
