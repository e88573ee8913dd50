"""Statements and commitments: signed with the very text that was read, withdrawn at will until decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.core.evidence import Source
from services.core.facts import Value
from services.core.reference import DeclarationKind
from services.core.refusal import Kind, Refusal
from services.evidence.actions.keeping import About, draft, end, keep_once, standing
from services.evidence.models import Declaration, EndedAs, Evidence
from services.evidence.wording import WORDING, DeclarationText


class NotDeclarable(Refusal):
    """This has to be proved; the law lets nobody merely state it."""

    code = "not_declarable"
    kind = Kind.CONFLICT
    sentence = "This cannot be declared: it needs proof."


class TextHasChanged(Refusal):
    """What would be signed is not what was read."""

    code = "declaration_text_has_changed"
    kind = Kind.STALE
    sentence = "The text has changed since you read it. Read it again, then sign."


class NoSuchDeclaration(Refusal):
    """There is no such declaration of this account in this application."""

    code = "no_such_declaration"
    kind = Kind.MISSING
    sentence = "There is no such declaration."


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs which text: `read_digest` is the digest of the text that was on their screen.

    `confirms`: the commitment of an earlier matter that is confirmed afresh by it (R4.13).
    """

    account_id: UUID
    text: DeclarationText
    read_digest: str
    confirms: UUID | None = None


@transaction.atomic
def state(*, about: About, facts: Mapping[str, Value], signature: Signature, now: datetime) -> UUID:
    """Keep the signed declaration as evidence of grade D and return its id; signing again changes nothing.

    The caller has made sure that the account may declare for the holder (R4.12) and that the matter allows it
    (R4.2), and has composed `signature.text` anew from what is to be signed.

    :raises NotDeclarable: if evidence of this type cannot be declared.
    :raises TextHasChanged: if that is not the text the person read (R4.6).
    """
    if about.type.declaration is DeclarationKind.NONE:
        raise NotDeclarable()
    if signature.text.digest != signature.read_digest:
        raise TextHasChanged()
    before = standing(about, Source.DECLARATION)
    if before is not None:
        if before.declaration.text_digest == signature.read_digest:
            return before.id
        end(before, EndedAs.REPLACED, now)
    row = draft(about, Source.DECLARATION, facts, now)
    kept = keep_once(row, about)
    if kept.id == row.id:
        _keep_text(row, about.type.declaration, signature, now)
    return kept.id


@transaction.atomic
def withdraw_declaration(*, declaration_id: UUID, account_id: UUID, now: datetime) -> None:
    """Withdraw a declaration (R4.8): it counts no longer, and the requirement is open again.

    The caller has made sure that there is no decision yet. Withdrawing twice changes nothing.

    :raises NoSuchDeclaration: if this account signed no such declaration.
    """
    rows = Declaration.objects.select_for_update().select_related("evidence")
    row = rows.filter(id=declaration_id, signed_by=account_id).first()
    if row is None:
        raise NoSuchDeclaration()
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    if row.evidence.ended_at is None:
        end(row.evidence, EndedAs.WITHDRAWN, now)


def _keep_text(row: Evidence, kind: DeclarationKind, signature: Signature, now: datetime) -> None:
    Declaration.objects.create(
        evidence=row,
        application_id=row.application_id,
        type=row.type,
        kind=kind,
        language=signature.text.language,
        wording=WORDING,
        text=signature.text.text,
        text_digest=signature.text.digest,
        signed_by=signature.account_id,
        signed_at=now,
        confirms=signature.confirms,
    )
