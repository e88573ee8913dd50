"""How one's certificate is renewed: by which service, until when to apply, and what silence does (R2.25)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from services.cases.queries.casefiles import law
from services.catalogue import queries as catalogue
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView
from services.core.facts import Texts
from services.core.renewal import apply_by, silence_renews
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class Renewal:
    """What renews a certificate. Who applies later than `apply_by` may: only that silence renews nothing then."""

    service: str
    name: Texts = field(hash=False)
    ends_on: date
    apply_by: date
    presumed: bool  # silence renews it, if applied for in time
    soon: bool  # its holder has been reminded, or was to be


def renewal_of(found: CertificateView, on: date) -> Renewal | None:
    """Return how the certificate is renewed, seen from that day.

    None if it has no end, is not in force, or nothing renews its type.
    """
    if found.valid_until is None or found.status != "valid":
        return None
    code = catalogue.renewing_service(found.type, found.holder.kind)
    if not code:
        return None
    definition = catalogue.definition(catalogue.current_version_id(code))
    return Renewal(
        service=code,
        name=definition.name,
        ends_on=found.valid_until,
        apply_by=apply_by(found.valid_until, law().profile),
        presumed=silence_renews(definition),
        soon=on >= found.valid_until - timedelta(days=max(law().profile.renewal_reminders)),
    )


def own_renewal(*, viewer: AccountView, certificate_id: UUID, on: date) -> Renewal | None:
    """Return how one's own certificate is renewed; None also for one that is not the account's to read."""
    try:
        found = certificates.own_certificate(viewer=viewer, certificate_id=certificate_id, on=on)
    except certificates.NoSuchCertificate:
        return None
    return renewal_of(found, on)
