"""Who somebody is: accounts, persons and businesses by their ids, or by exactly their number."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.core.facts import Holder
from services.core.refusal import Kind, Refusal
from services.core.states import STAFF, Role
from services.people import identifiers
from services.people.fields import blind_index
from services.people.models import Account, Business, DocumentKind, Person


class NobodyThere(Refusal):
    """There is no such account, person or business."""

    code = "nobody_there"
    kind = Kind.MISSING
    sentence = "There is no such account, person or business."


# What a person shows to prove who they are (R12.10).
DOCUMENT_KINDS = tuple(DocumentKind.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account, as doors show it and actions take it; `person_id` is None while nobody vouched for it.

    `helped_by`: the officer at the counter who does it with them, and signs nothing for them (R11.4).
    """

    id: UUID
    username: str
    role: Role
    organisation: str
    person_id: UUID | None
    display_name: str
    language: str
    helped_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person, as their own pages and an officer's case page show them: the number masked (R12.10)."""

    id: UUID
    name: str
    document_kind: str
    number: str
    birth_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityForRegister:
    """By which number a register knows the holder: whole, so only for asking registers."""

    kind: str
    number: str
    name: str


def account(account_id: UUID) -> AccountView:
    """Return the account.

    :raises NobodyThere: if there is none.
    """
    found = Account.objects.select_related("person").filter(id=account_id).first()
    if found is None:
        raise NobodyThere
    return _account_view(found)


def _account_view(found: Account) -> AccountView:
    return AccountView(
        id=found.id,
        username=found.username,
        role=Role(found.role),
        organisation=found.organisation,
        person_id=found.person_id,
        display_name=called(found),
        language=found.language,
    )


def accounts(account_ids: Iterable[UUID]) -> dict[UUID, AccountView]:
    """Return these accounts by id, in one query; none for no id."""
    ids = set(account_ids)
    found = Account.objects.select_related("person").filter(id__in=ids) if ids else ()
    return {one.id: _account_view(one) for one in found}


def names_of(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what the accounts' owners are called, in one query."""
    found = Account.objects.select_related("person").filter(id__in=set(account_ids))
    return {one.id: called(one) for one in found}


def names_of_persons(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what the persons are called, in one query."""
    return {one.id: one.name for one in Person.objects.filter(id__in=set(person_ids))}


def officers_of(organisation: str) -> tuple[AccountView, ...]:
    """Return the officers of an office who can sign in, by name."""
    found = Account.objects.filter(organisation=organisation, is_active=True, role__in=sorted(STAFF))
    return tuple(_account_view(one) for one in found.select_related("person").order_by("name", "username"))


def person(person_id: UUID) -> PersonView:
    """Return the person, the number masked.

    :raises NobodyThere: if there is none.
    """
    return person_view(_person(person_id))


def person_view(found: Person) -> PersonView:
    """Return a person that has been read, the number masked."""
    return PersonView(
        id=found.id,
        name=found.name,
        document_kind=found.document_kind,
        number=identifiers.masked(found.number),
        birth_date=found.birth_date,
    )


def holder_name(holder: Holder) -> str:
    """Return what the person or business is called.

    :raises NobodyThere: if there is none.
    """
    return (_person(holder.id) if holder.kind == "person" else _business(holder.id)).name


def identity_of(holder: Holder) -> IdentityForRegister:
    """Return by which number registers know the holder: only for asking them.

    :raises NobodyThere: if there is no such holder.
    """
    if holder.kind == "person":
        found = _person(holder.id)
        return IdentityForRegister(kind="person", number=found.number, name=found.name)
    business = _business(holder.id)
    return IdentityForRegister(kind="business", number=business.uscc, name=business.name)


def identities_of(holders: Collection[Holder]) -> dict[Holder, IdentityForRegister]:
    """Return by which number registers know each of these holders, in two queries; nothing of nobody."""
    ids = {kind: [one.id for one in holders if one.kind == kind] for kind in ("person", "business")}
    persons = Person.objects.filter(id__in=ids["person"]) if ids["person"] else ()
    businesses = Business.objects.filter(id__in=ids["business"]) if ids["business"] else ()
    found = [(Holder("person", one.id), one.number, one.name) for one in persons]
    found += [(Holder("business", one.id), one.uscc, one.name) for one in businesses]
    return {who: IdentityForRegister(kind=who.kind, number=number, name=name) for who, number, name in found}


def person_with(*, document_kind: str, number: str) -> UUID | None:
    """Return the person with exactly this document, or None: never by part of a number, never by name."""
    index = number_index(document_kind, identifiers.normalized(number))
    return Person.objects.filter(number_index=index).values_list("id", flat=True).first()


def business_with(*, uscc: str) -> UUID | None:
    """Return the business with exactly this code, or None."""
    found = Business.objects.filter(uscc=identifiers.normalized(uscc))
    return found.values_list("id", flat=True).first()


def number_index(document_kind: str, number: str) -> str:
    """Return the keyed hash a person is found by; the number is in its one form."""
    return blind_index(f"{document_kind} {number}", purpose="person.number")


def business_index(uscc: str) -> str:
    """Return the keyed hash under which a business can be awaited before anybody has come for it."""
    return blind_index(identifiers.normalized(uscc), purpose="business.uscc")


def index_of(person_id: UUID) -> str:
    """Return the keyed hash a person is found by, as an invitation may carry it before they come.

    :raises NobodyThere: if there is none.
    """
    return _person(person_id).number_index


def holder_of_person(person_id: UUID) -> Holder:
    """Return the person as the holder of facts, evidence and certificates."""
    return Holder("person", person_id)


def representative_index(number: str) -> str:
    """Return the keyed hash kept of a business's legal representative: another one than the person's own."""
    return blind_index(number, purpose="business.legal_representative")


def called(found: Account) -> str:
    """Return what an account's owner is called: the person, the officer, or the account."""
    return found.person.name if found.person else found.get_full_name()


def _person(person_id: UUID) -> Person:
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise NobodyThere
    return found


def _business(business_id: UUID) -> Business:
    found = Business.objects.filter(id=business_id).first()
    if found is None:
        raise NobodyThere
    return found
