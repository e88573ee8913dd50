"""A certificate on paper: set and sealed when somebody first asks for it, and the same file for all who ask again."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings

from services import clock
from services.certificates import files, keys, queries
from services.certificates.actions import known_key
from services.certificates.models import Certificate, Paper, SealForm, Status
from services.certificates.paper.rendering import render
from services.certificates.paper.seal import seal_pdf
from services.certificates.paper.writing import LANGUAGES, link_to, write
from services.core import statements
from services.core.refusal import Kind, Refusal
from services.people.queries import AccountView

# Layouts of a prefecture's own, beside its definitions: certificates/<type>.typ
LAYOUTS = "certificates"


class NoPaperOfIt(Refusal):
    """What is out of force is not printed as if it were in force."""

    code = "no_paper_of_it"
    kind = Kind.CONFLICT
    sentence = (
        "This certificate is {status}: there is nothing to download. What holds now stands on its page."
    )


class NoPaperInLanguage(Refusal):
    """Certificates are printed in three languages."""

    code = "no_paper_in_language"
    sentence = "Choose English, Chinese or Uyghur."


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A sealed PDF; the name says which certificate it is and nothing about whose."""

    name: str
    content: bytes = field(repr=False)


def open_paper(*, viewer: AccountView, certificate_id: UUID, language: str, now: datetime) -> PaperFile:
    """Return the certificate as a sealed PDF, made now if nobody has asked for it before, or if it was lost.

    :raises NoSuchCertificate: if there is none, or it is somebody else's.
    :raises NoPaperInLanguage, NoPaperOfIt: as `make_paper`.
    """
    on = clock.legal_day(now)
    found = queries.own_certificate(viewer=viewer, certificate_id=certificate_id, on=on)
    return make_paper(certificate_id=found.id, language=language, now=now)


def make_paper(*, certificate_id: UUID, language: str, now: datetime) -> PaperFile:
    """Return the certificate's PDF in this language; two who ask at once get the same file.

    Never inside another's transaction: setting and sealing takes part of a second.

    :raises NoPaperInLanguage: in any but those three.
    :raises NoPaperOfIt: if the certificate is not in force; one that has expired says so by its date.
    """
    if language not in LANGUAGES:
        raise NoPaperInLanguage
    row = Certificate.objects.select_related("seal_key").get(id=certificate_id)
    _check_in_force(row, clock.legal_day(now))
    content = _kept(row, language, now) or _made(row, language, now)
    return PaperFile(name=f"{row.number}-{row.version}-{language}.pdf", content=content)


def _check_in_force(row: Certificate, on: date) -> None:
    if row.status != Status.VALID:
        raise NoPaperOfIt(status=queries.status_on(row, on))


def _kept(row: Certificate, language: str, now: datetime) -> bytes | None:
    """Return the file that was made before, if it is still what it was; else note that it is lost."""
    paper = Paper.objects.filter(certificate=row, language=language, lost_at__isnull=True).first()
    if paper is None:
        return None
    content = files.kept(paper.stored_as)
    if content is not None and sha256(content).hexdigest() == paper.digest:
        return content
    Paper.objects.filter(id=paper.id, lost_at__isnull=True).update(lost_at=now)
    files.discard(paper.stored_as)
    return None


def _made(row: Certificate, language: str, now: datetime) -> bytes:
    content = sealed_paper(row, language, now)
    paper = Paper(
        certificate=row,
        language=language,
        digest=sha256(content).hexdigest(),
        stored_as=files.keep(content),
        made_at=now,
    )
    # Whoever stores first has made it; the other's file is thrown away, unseen.
    Paper.objects.bulk_create([paper], ignore_conflicts=True)
    if not Paper.objects.filter(id=paper.id).exists():
        files.discard(paper.stored_as)
        return _kept(row, language, now) or _made(row, language, now)
    return content


def sealed_paper(row: Certificate, language: str, now: datetime) -> bytes:
    """Return the certificate set and sealed anew; nothing is stored but the key's first use."""
    key = keys.sealing_key()
    known_key(key, now=now)
    code = _code(row, key, now)
    written = write(row, code=code, language=language)
    return seal_pdf(
        render(written, layouts=Path(settings.CATALOGUE_DIR) / LAYOUTS),
        key=key,
        certificate=keys.sealing_certificate(key),
        reason=f"{row.number}, {row.version}",
        link=link_to(code),
    )


def _code(row: Certificate, key: keys.SealingKey, now: datetime) -> str:
    """Return the signed text for the square code: signed at issue, or now for what was sealed in the earlier form."""
    if row.seal_form != SealForm.CONTENT:
        signed = queries.signed_statement(row, bytes(row.seal_key.public_key))
        return statements.compact(signed, bytes(row.signature))
    signed = queries.signed_statement(row, keys.public_part(key))
    return statements.compact(signed, keys.seal(key, signed))
