"""Which business an account represents: only its register can say so."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

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


def record_named_business(*, uscc: str, name: str, now: datetime) -> UUID:
    """Return the business with this code, entered now as an applicant has named it if unknown.

    Its register tells the rest once somebody represents it; one that is known keeps what is known of it.

    :raises services.people.identifiers.IdentifierMistyped: if the code cannot be one.
    """
    code = identifiers.checked(uscc, IdentifierKind.USCC, today=clock.legal_day(now))
    Business.objects.bulk_create([Business(uscc=code, name=name[:200])], ignore_conflicts=True)
    return Business.objects.values_list("id", flat=True).get(uscc=code)


@transaction.atomic
def found_business(
    *, name: str, kind: str, founder_person_id: UUID, now: datetime, uscc: str | None = None
) -> UUID:
    """Enter a business founded here, with its founder as legal representative, and return it.

    It gets the next code of the register's series unless it brings one.

    :raises services.people.identifiers.IdentifierMistyped: if the code it brings cannot be one.
    """
    founder = Person.objects.get(id=founder_person_id)
    if uscc is not None:
        uscc = identifiers.checked(uscc, IdentifierKind.USCC, today=clock.legal_day(now))
    founded = Business.objects.create(
        uscc=uscc or next_uscc(kind), name=name, kind=kind, status=ACTIVE, **_represented_by(founder)
    )
    return founded.id


def _represented_by(person: Person) -> dict[str, object]:
    index = queries.representative_index(person.number)
    return {"representative": person, "legal_representative_index": index}
