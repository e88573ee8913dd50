"""A food licence, issued, checked and held."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from services.certificates import actions, queries
from services.certificates.actions import NewCertificate
from services.core.facts import Holder
from services.core.states import Role
from services.ledger.actions import Actor

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LAST_DAY = date(2027, 3, 2)
HOLDER = Holder("business", UUID("0195f000-0000-7000-8000-000000000001"))
SUPERVISOR = Actor(account_id=UUID("0195f000-0000-7000-8000-0000000000aa"), role=Role.SUPERVISOR)

LAW = "Food Act art. 7"


def licence(**changed: object) -> NewCertificate:
    usual: dict[str, object] = {
        "case_id": uuid4(),
        "service_code": "food-licence",
        "type": "food-business-licence",
        "organisation": "market-regulation",
        "holder": HOLDER,
        "content": {"business.name": "Sample Noodles Ltd"},
        "issued_on": TODAY,
        "valid_until": LAST_DAY,
    }
    return NewCertificate(**(usual | changed))


def issue(*rows: NewCertificate) -> list[queries.CertificateView]:
    return actions.issue_certificates(rows=rows, now=NOW)


def verify(one: queries.CertificateView, on: date = TODAY) -> queries.VerifyAnswer:
    return queries.verify(number=one.number, check_code=one.check_code, on=on)


def held(on: date = TODAY) -> list[UUID]:
    found = queries.held(holders=[HOLDER], types=["food-business-licence"], on=on)
    return [one.id for one in found]
