"""A certificate on paper, for tests: issued in a small prefecture to Ayshe, and what is done to its file."""

from datetime import UTC, date, datetime
from uuid import uuid4

from services.certificates.actions import NewCertificate, issue_certificates
from services.certificates.actions.papers import make_paper
from services.certificates.paper.seal import read_seal
from services.certificates.queries import CertificateView
from services.core.facts import Holder

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LAST_DAY = date(2027, 3, 2)


def pilot_card(holder: Holder, **changed: object) -> NewCertificate:
    """Return a pilot card to be issued."""
    usual: dict[str, object] = {
        "case_id": uuid4(),
        "service_code": "pilot-card",
        "type": "pilot-card",
        "organisation": "records-office",
        "holder": holder,
        "content": {"person.full_name": "Ayshe Test", "person.birth_date": "1949-12-31"},
        "issued_on": TODAY,
        "valid_until": LAST_DAY,
    }
    return NewCertificate(**(usual | changed))


def issued(holder: Holder, **changed: object) -> CertificateView:
    """Issue a pilot card."""
    [one] = issue_certificates(rows=[pilot_card(holder, **changed)], now=NOW)
    return one


def paper_of(one: CertificateView, language: str = "en") -> bytes:
    """Return its sealed PDF."""
    return make_paper(certificate_id=one.id, language=language, now=NOW).content


def code_in(paper: bytes) -> str:
    """Return the signed text that its seal carries along."""
    return read_seal(paper).link.rpartition("/")[2]
