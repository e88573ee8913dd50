"""Which person an account belongs to: told by an identity provider, or by a clerk who saw the document."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from services import clock
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.ledger.actions import Actor
from services.people import identifiers, queries
from services.people.fields import blind_index
from services.people.identifiers import IdentifierKind
from services.people.models import Account, BindingCode, DocumentKind, Person

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread
CODE_LENGTH = 12
CODE_LIFE = timedelta(hours=24)
OLDEST = timedelta(days=366 * 130)


class AccountBoundElsewhere(Refusal):
    """The account already belongs to another person; it never changes hands."""

    code = "account_bound_elsewhere"
    kind = Kind.CONFLICT
    sentence = "This account belongs to another person. Sign in with your own."


class NotForStaff(Refusal):
    """An officer's account acts for the office, not for a person."""

    code = "not_for_staff"
    kind = Kind.FORBIDDEN
    sentence = "This is an office account. Sign in with your own account for your own matters."


class BindingCodeRefused(Refusal):
    """No such code, or used, or too old: which of them is nobody's business."""

    code = "binding_code_refused"
    sentence = "This code is not valid, or not any more. Ask for a new one at the counter."


class BirthDateImplausible(Refusal):
    """A birth date in the future, or too long ago."""

    code = "birth_date_implausible"
    sentence = "This date of birth cannot be right. Compare it with the document."


class OnlyAtTheCounter(Refusal):
    """Binding codes are issued by clerks, who saw the document."""

    code = "only_at_the_counter"
    kind = Kind.FORBIDDEN
    sentence = "Only a clerk at the counter can do this."


class WhoAreYou(Refusal):
    """The account is not bound to a person yet (design: it fetches nothing and files nothing)."""

    code = "who_are_you"
    kind = Kind.FORBIDDEN
    sentence = "First show who you are: sign in with your identity, or use a code from the counter."


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is, by their document; `document_kind` is one of `DocumentKind`."""

    number: str
    document_kind: str
    full_name: str
    birth_date: date


@transaction.atomic
def bind_account(*, account_id: UUID, identity: Identity, now: datetime) -> UUID:
    """Bind the account to the person its identity provider vouches for, and return the person. Twice is once.

    :raises AccountBoundElsewhere: if it belongs to another person already.
    :raises NotForStaff: for an officer's account.
    :raises services.people.identifiers.IdentifierMistyped: if the number cannot be one of its kind.
    """
    person_id = record_person(identity=identity, now=now)
    _bind(account_id, person_id)
    return person_id


@transaction.atomic
def record_person(*, identity: Identity, now: datetime) -> UUID:
    """Return the person with this document, entered now if unknown: a newcomer, a co-signer, a child.

    The name and the birth date are brought up to what the document says.

    :raises services.people.identifiers.IdentifierMistyped: if the number cannot be one of its kind.
    :raises BirthDateImplausible: if nobody alive can be born on that day.
    """
    today = clock.legal_day(now)
    if not today - OLDEST <= identity.birth_date <= today:
        raise BirthDateImplausible
    kind = DocumentKind(identity.document_kind)
    number = identifiers.checked(identity.number, IdentifierKind(kind), today=today)
    index = queries.number_index(kind, number)
    person = Person.objects.filter(number_index=index).first()
    if person is None:
        person = _enter(Person(document_kind=kind, number=number, number_index=index), identity)
    if (person.name, person.birth_date) != (identity.full_name, identity.birth_date):
        person.name, person.birth_date = identity.full_name, identity.birth_date
        person.save(update_fields=["name", "birth_date"])
    return person.id


@transaction.atomic
def record_named(*, document_kind: str, number: str, name: str, now: datetime) -> UUID:
    """Return the person with this number, entered now as an applicant has named them if unknown.

    Whoever is known keeps their own name: an applicant's word changes nothing about somebody else.

    :raises services.people.identifiers.IdentifierMistyped: if the number cannot be one of its kind.
    """
    kind = DocumentKind(document_kind)
    known = identifiers.checked(number, IdentifierKind(kind), today=clock.legal_day(now))
    index = queries.number_index(kind, known)
    Person.objects.bulk_create(
        [Person(document_kind=kind, number=known, number_index=index, name=name)], ignore_conflicts=True
    )
    return Person.objects.values_list("id", flat=True).get(number_index=index)


@transaction.atomic
def issue_binding_code(*, actor: Actor, identity: Identity, now: datetime) -> str:
    """Return a code that binds one account to the person whose document the clerk has just seen.

    It is told once, kept only as a keyed hash, and lasts a day; an earlier code of the person ends.

    :raises OnlyAtTheCounter: if the actor is no officer.
    """
    if not actor.role.is_staff:
        raise OnlyAtTheCounter
    person_id = record_person(identity=identity, now=now)
    BindingCode.objects.filter(person_id=person_id, used_at__isnull=True).delete()
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    BindingCode.objects.create(
        code_index=_code_index(code),
        person_id=person_id,
        issued_by_id=actor.account_id,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )
    return code


@transaction.atomic
def bind_by_code(*, account_id: UUID, code: str, now: datetime) -> UUID:
    """Bind the account to the person the code was issued for, and return the person.

    :raises BindingCodeRefused: if the code is unknown, used or expired.
    :raises AccountBoundElsewhere: if the account belongs to another person already.
    :raises NotForStaff: for an officer's account.
    """
    known = BindingCode.objects.select_for_update().filter(code_index=_code_index(code)).first()
    if known is None or known.used_at is not None or known.expires_at <= now:
        raise BindingCodeRefused
    _bind(account_id, known.person_id)
    known.used_at, known.used_by_id = now, account_id
    known.save(update_fields=["used_at", "used_by"])
    return known.person_id


def person_of(account_id: UUID) -> Person:
    """Return the person an account belongs to.

    :raises WhoAreYou: if it belongs to nobody yet.
    """
    account = Account.objects.select_related("person").get(id=account_id)
    if account.person is None:
        raise WhoAreYou
    return account.person


def _enter(person: Person, identity: Identity) -> Person:
    """Enter the person; of two who do so at once, the first wins and the second finds them."""
    person.name, person.birth_date = identity.full_name, identity.birth_date
    Person.objects.bulk_create([person], ignore_conflicts=True)
    return Person.objects.get(number_index=person.number_index)


def _bind(account_id: UUID, person_id: UUID) -> None:
    account = Account.objects.select_for_update().get(id=account_id)
    if account.role != Role.APPLICANT:
        raise NotForStaff
    if account.person_id not in (None, person_id):
        raise AccountBoundElsewhere
    account.person_id = person_id
    account.save(update_fields=["person"])


def _code_index(code: str) -> str:
    return blind_index(identifiers.normalized(code), purpose="binding-code")
