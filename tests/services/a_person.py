"""Made-up people, accounts and a business, for tests of who is who."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.core.states import Role
from services.ledger.actions import Actor
from services.people import actions
from services.people.actions import BusinessRecord, Identity, MandateTerms
from services.people.models import Account

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
# Made up: the standard's own examples, and a passport nobody holds.
AYSE = Identity(
    number="11010519491231002X",
    document_kind="resident_id",
    full_name="Ayshe Test",
    birth_date=date(1949, 12, 31),
)
LI = Identity(
    number="440524188001010014", document_kind="resident_id", full_name="李测试", birth_date=date(1980, 1, 1)
)
GUEST = Identity(
    number="x 000 000 0", document_kind="passport", full_name="Jo Sample", birth_date=date(1990, 5, 17)
)
USCC = "91350100M000100Y43"


def applicant(username: str = "ayse") -> UUID:
    return Account.objects.create_user(username=username).id


def bound(username: str, identity: Identity) -> UUID:
    account_id = applicant(username)
    actions.bind_account(account_id=account_id, identity=identity, now=NOW)
    return account_id


def officer(role: Role = Role.CLERK) -> Actor:
    made = Account.objects.create_user(
        username=f"{role}-1", role=role, organisation="service-centre", name="Window 3"
    )
    return Actor(account_id=made.id, role=role, name=made.name)


def record(**changed: str) -> BusinessRecord:
    known = {
        "uscc": USCC, "name": "Sample Trade Ltd", "kind": "company", "status": "active",
        "legal_representative_number": AYSE.number,
    }  # fmt: skip
    return BusinessRecord(**(known | changed))


def business_of(account_id: UUID) -> UUID:
    return actions.bind_business(account_id=account_id, business=record(), now=NOW)


def code_for(actor: Actor, identity: Identity = AYSE) -> str:
    issued = actions.issue_binding_code(
        actor=actor, organisation="service-centre", basis="Identity Act art. 2", identity=identity, now=NOW
    )
    return issued.code


def mandate(business_id: UUID, giver: UUID, **terms: object) -> UUID:
    known = {"agent_username": "li", "valid_until": date(2026, 12, 31)}
    return actions.grant_mandate(
        account_id=giver, business_id=business_id, terms=MandateTerms(**(known | terms)), now=NOW
    )
