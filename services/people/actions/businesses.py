"""Which business an account represents: only its register can say so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from services import clock
from services.core.refusal import Kind, Refusal
from services.people import identifiers, queries
from services.people.actions.identity import person_of
from services.people.identifiers import IdentifierKind
from services.people.models import Business, Person
from services.people.series import next_uscc

ACTIVE = "active"


class NotItsRepresentative(Refusal):
    """The register names somebody else."""

    code = "not_its_representative"
    kind = Kind.FORBIDDEN
    sentence = "The register does not name you as the legal representative of this business."


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRecord:
    """A business, as the business register answered; `legal_representative_number` is an identity number."""

    uscc: str
    name: str
    kind: str
    status: str
    legal_representative_number: str


@transaction.atomic
def bind_business(*, account_id: UUID, business: BusinessRecord, now: datetime) -> UUID:
    """Bind the business to the account's person, if the register names them, and return it. Twice is once.

    :raises WhoAreYou: if the account is not bound to a person.
    :raises NotItsRepresentative: if the register names another legal representative.
    :raises services.people.identifiers.IdentifierMistyped: if the business's code cannot be one.
    """
    person = person_of(account_id)
    if identifiers.normalized(business.legal_representative_number) != person.number:
        raise NotItsRepresentative
    uscc = identifiers.checked(business.uscc, IdentifierKind.USCC, today=clock.legal_day(now))
    known = {"name": business.name, "kind": business.kind, "status": business.status}
    bound, _ = Business.objects.update_or_create(uscc=uscc, defaults=known | _represented_by(person))
    return bound.id


@transaction.atomic
def record_named_business(*, uscc: str, name: str, now: datetime) -> UUID:
    """Return the business with this code, entered now as an applicant has named it if unknown.

    What its register said of it stays; while only applicants have named it, it is called as the last one did: nobody's
    slip, and nobody's joke, sticks to it.

    :raises services.people.identifiers.IdentifierMistyped: if the code cannot be one.
    """
    code = identifiers.checked(uscc, IdentifierKind.USCC, today=clock.legal_day(now))
    while True:
        Business.objects.bulk_create([Business(uscc=code, name=name[:200])], ignore_conflicts=True)
        only_named = _only_named().select_for_update().filter(uscc=code).first()
        if name and only_named is not None and only_named.name != name[:200]:
            only_named.name = name[:200]
            only_named.save(update_fields=["name"])
        found = Business.objects.filter(uscc=code).values_list("id", flat=True).first()
        # A draft that had named it may just have been discarded, and the business with it.
        if found is not None:
            return found


@transaction.atomic
def record_registered_business(*, business: BusinessRecord) -> None:
    """Keep what the register says of a business that applicants alone have named; whoever represents it comes later."""
    known = {"name": business.name, "kind": business.kind, "status": business.status}
    _only_named().filter(uscc=identifiers.normalized(business.uscc)).update(**known)


def hold_named_businesses(*, business_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these only applicants have named, held until the transaction ends; what is held waits."""
    rows = _only_named().filter(id__in=business_ids).select_for_update(skip_locked=True).order_by("id")
    return set(rows.values_list("id", flat=True))


def forget_named_businesses(*, business_ids: Collection[UUID]) -> None:
    """Forget these businesses, as far as only applicants have named them; the caller knows that nothing needs them."""
    _only_named().filter(id__in=business_ids).delete()


def _only_named() -> QuerySet[Business]:
    return Business.objects.filter(representative__isnull=True, status="")


@transaction.atomic
def found_business(
    *, name: str, kind: str, founder_person_id: UUID, now: datetime, uscc: str | None = None
) -> UUID:
    """Enter a business founded here, with its founder as legal representative, and return it.

    It gets the next code of the register's series that nobody has named in advance, unless it brings one.

    :raises services.people.identifiers.IdentifierMistyped: if the code it brings cannot be one.
    """
    founder = Person.objects.get(id=founder_person_id)
    known = {"name": name, "kind": kind, "status": ACTIVE, **_represented_by(founder)}
    if uscc is not None:
        code = identifiers.checked(uscc, IdentifierKind.USCC, today=clock.legal_day(now))
        return Business.objects.create(uscc=code, **known).id
    is_new = False
    while not is_new:
        founded, is_new = Business.objects.get_or_create(uscc=next_uscc(kind), defaults=known)
    return founded.id


def _represented_by(person: Person) -> dict[str, object]:
    index = queries.representative_index(person.number)
    return {"representative": person, "legal_representative_index": index}
