"""Codes from the counter: a clerk who has seen a document lets one account belong to its person, on record."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from services.core.facts import Holder
from services.core.purposes import Purpose
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.ledger import looking
from services.ledger.actions import Actor, NewReading, record_readings
from services.people import identifiers
from services.people.actions.identity import Identity, bind, bring_up_to, known_person
from services.people.fields import blind_index
from services.people.models import BindingCode, Person

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread
CODE_LENGTH = 12
CODE_LIFE = timedelta(hours=24)
# Who sits where documents are shown; a reviewer never sees one.
AT_THE_COUNTER = frozenset({Role.CLERK, Role.SUPERVISOR})


class BindingCodeRefused(Refusal):
    """No such code, or used, or too old: which of them is nobody's business."""

    code = "binding_code_refused"
    sentence = "This code is not valid, or not any more. Ask for a new one at the counter."


class IdentityDiffers(Refusal):
    """Somebody is known by this number, under another name or birth date than the clerk has typed."""

    code = "identity_differs"
    kind = Kind.CONFLICT
    sentence = (
        "This document is known to us with another name or date of birth. Compare what you typed with the document. "
        "If it is right, let the person sign in with their digital identity: that brings their record up to date."
    )


class OnlyAtTheCounter(Refusal):
    """Binding codes are issued by clerks, who saw the document."""

    code = "only_at_the_counter"
    kind = Kind.FORBIDDEN
    sentence = "Only a clerk at the counter can do this."


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code as it is told once, and the person whose account it binds."""

    code: str = field(repr=False)
    person_id: UUID


@transaction.atomic
def issue_binding_code(
    *, actor: Actor, organisation: str, basis: str, identity: Identity, now: datetime
) -> IssuedCode:
    """Return a code that binds one account to the person whose document the clerk has just seen.

    It is told once, kept only as a keyed hash, and lasts a day; an earlier code of the person is replaced. What is
    known of a person is compared and never changed by what a clerk types. That a clerk looked the person up, and by
    which law (`basis`), stands among the readings that the person sees (R15.6).

    :raises OnlyAtTheCounter: unless the actor is a clerk or a supervisor.
    :raises IdentityDiffers: if the person is known by another name or birth date.
    """
    if actor.role not in AT_THE_COUNTER:
        raise OnlyAtTheCounter
    with looking.unseen():  # compared, and not shown: the clerk has the document before them
        person_id = identified(identity, now=now)
    _replace_codes(person_id, now)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    issued = BindingCode.objects.create(
        code_index=_code_index(code),
        person_id=person_id,
        issued_by_id=actor.account_id,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )
    record_readings(rows=[_reading(issued, actor, organisation, basis)])
    return IssuedCode(code, person_id)


def identified(identity: Identity, *, now: datetime) -> UUID:
    """Return the person whose document a clerk has seen, entered now if unknown.

    Whom only an applicant has named so far, nobody has identified before this clerk.

    :raises IdentityDiffers: if the person is known by another name or birth date.
    :raises services.people.identifiers.IdentifierMistyped, BirthDateImplausible: see `record_person`.
    """
    person = known_person(identity, now)
    if person.birth_date is None:
        bring_up_to(person, identity)
    if (_plain(person.name), person.birth_date) != (_plain(identity.full_name), identity.birth_date):
        raise IdentityDiffers
    return person.id


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _replace_codes(person_id: UUID, now: datetime) -> None:
    # Of two clerks who do this at once, one waits, and then replaces the other's code.
    Person.objects.select_for_update().get(id=person_id)
    waiting = BindingCode.objects.filter(person_id=person_id, used_at__isnull=True, replaced_at__isnull=True)
    waiting.update(replaced_at=now)


def _reading(issued: BindingCode, actor: Actor, organisation: str, basis: str) -> NewReading:
    return NewReading(
        at=issued.issued_at, actor=actor, organisation=organisation, holder=Holder("person", issued.person_id),
        matter_kind="visit", matter_id=issued.id, purpose=Purpose.IDENTITY_CODE, basis=basis,
        fields=["person.full_name", "person.birth_date"], source="portal",
    )  # fmt: skip


@transaction.atomic
def bind_by_code(*, account_id: UUID, code: str, now: datetime) -> UUID:
    """Bind the account to the person the code was issued for, and return the person.

    :raises BindingCodeRefused: if the code is unknown, used, replaced or expired.
    :raises AccountBoundElsewhere: if the account belongs to another person already.
    :raises NotForStaff: for an officer's account.
    """
    known = BindingCode.objects.select_for_update().filter(code_index=_code_index(code)).first()
    if known is None or known.used_at or known.replaced_at or known.expires_at <= now:
        raise BindingCodeRefused
    bind(account_id, known.person_id)
    known.used_at, known.used_by_id = now, account_id
    known.save(update_fields=["used_at", "used_by"])
    return known.person_id


def _code_index(code: str) -> str:
    return blind_index(identifiers.normalized(code), purpose="binding-code")
