"""Which person an account belongs to, as an identity provider tells it; and who is known by which document."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from services import clock
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.people import identifiers, queries
from services.people.identifiers import IdentifierKind
from services.people.models import Account, DocumentKind, Person

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


class BirthDateImplausible(Refusal):
    """A birth date in the future, or too long ago."""

    code = "birth_date_implausible"
    sentence = "This date of birth cannot be right. Compare it with the document."


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
    bind(account_id, person_id)
    return person_id


@transaction.atomic
def record_person(*, identity: Identity, now: datetime) -> UUID:
    """Return the person with this document, entered now if unknown: a newcomer, a co-signer, a child.

    The name and the birth date are brought up to what the identity provider says.

    :raises services.people.identifiers.IdentifierMistyped: if the number cannot be one of its kind.
    :raises BirthDateImplausible: if nobody alive can be born on that day.
    """
    person = known_person(identity, now)
    if (person.name, person.birth_date) != (identity.full_name, identity.birth_date):
        bring_up_to(person, identity)
    return person.id


def known_person(identity: Identity, now: datetime) -> Person:
    """Return the person with this document as they are known, entered now if they are not.

    :raises services.people.identifiers.IdentifierMistyped, BirthDateImplausible: see `record_person`.
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
    return person


def bring_up_to(person: Person, identity: Identity) -> None:
    """Write what a document says about the person."""
    person.name, person.birth_date = identity.full_name, identity.birth_date
    person.save(update_fields=["name", "birth_date"])


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


def person_of(account_id: UUID) -> Person:
    """Return the person an account belongs to.

    :raises WhoAreYou: if it belongs to nobody yet.
    """
    account = Account.objects.select_related("person").get(id=account_id)
    if account.person is None:
        raise WhoAreYou
    return account.person


def account_at_counter(*, person_id: UUID) -> UUID:
    """Return the person's own account, or one that nobody can sign in with, for what is filed with a helper.

    When they have an account one day, it is theirs to see (R11.4).
    """
    person = Person.objects.select_for_update().get(id=person_id)
    known = Account.objects.filter(person=person).order_by("-is_active", "date_joined", "id").first()
    if known is not None:
        return known.id
    held = Account(username=f"counter-{uuid4().hex}", person=person, is_active=False, role=Role.APPLICANT)
    held.set_unusable_password()
    held.save()
    return held.id


def _enter(person: Person, identity: Identity) -> Person:
    """Enter the person; of two who do so at once, the first wins and the second finds them."""
    person.name, person.birth_date = identity.full_name, identity.birth_date
    Person.objects.bulk_create([person], ignore_conflicts=True)
    return Person.objects.get(number_index=person.number_index)


def bind(account_id: UUID, person_id: UUID) -> None:
    """Give the account to the person, once and for ever.

    :raises AccountBoundElsewhere, NotForStaff:
    """
    account = Account.objects.select_for_update().get(id=account_id)
    if account.role != Role.APPLICANT:
        raise NotForStaff
    if account.person_id not in (None, person_id):
        raise AccountBoundElsewhere
    account.person_id = person_id
    account.save(update_fields=["person"])
