"""A certificate as the office that issued it keeps it: how it stands, on what ground, and what may become of it."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.cases.models import Case
from services.cases.queries.visibility import NoSuchCase, case_for
from services.catalogue import queries as catalogue
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView, NoSuchCertificate
from services.core.facts import Texts
from services.core.grounds import GROUNDS, Change
from services.core.states import Role
from services.people.queries import AccountView, names_of


@dataclass(frozen=True, slots=True)
class KeptCertificate:
    """The newest certificate under a number; `version` counts every change of what stands under it.

    `may` tells what this officer can make of it.
    """

    certificate: CertificateView
    version: int
    name: Texts = field(hash=False)
    case_id: UUID
    case_number: str
    legal_basis: tuple[str, ...]
    ground: Texts = field(hash=False)
    changed_by: str
    may: tuple[Change, ...]


def kept_certificate(*, viewer: AccountView, number: str, on: date) -> KeptCertificate:
    """Return the newest certificate under the number, for officers who may see the case it came of.

    :raises NoSuchCertificate: if there is none, or it may not be seen: never a search (R12.3).
    """
    found, case = certificate_for(viewer, number, on=on)
    definition = catalogue.definition(case.service_version_id)
    signer = found.status_by
    grounds = {code: texts for table in GROUNDS.values() for code, texts in table.items()}
    return KeptCertificate(
        certificate=found,
        version=found.revision,
        name=definition.evidence_types[found.type].name,
        case_id=case.id,
        case_number=case.number,
        legal_basis=definition.legal_basis,
        ground=grounds.get(found.status_reason, {}),
        changed_by=names_of([signer]).get(signer, "") if signer else "",
        may=certificates.changes_open_to(found.status) if is_issuers(viewer, found) else (),
    )


def certificate_for(
    viewer: AccountView, number: str, *, on: date, lock: bool = False
) -> tuple[CertificateView, Case]:
    """Return the newest certificate under the number and its case, which is locked if it is to be changed.

    :raises NoSuchCertificate: if there is none, or the officer may not see its case.
    """
    found = certificates.newest(number=number, on=on) if viewer.role.is_staff else None
    if found is None:
        raise NoSuchCertificate
    try:
        case = case_for(viewer, found.case_id, lock=lock, ended=True)
    except NoSuchCase as refusal:
        raise NoSuchCertificate from refusal
    # Read again under the lock: whoever held it before may have changed it.
    fresh = certificates.newest(number=number, on=on) if lock else found
    return fresh or found, case


def is_issuers(viewer: AccountView, found: CertificateView) -> bool:
    """Return whether this is a supervisor of the office that issued it."""
    return viewer.role is Role.SUPERVISOR and viewer.organisation == found.organisation
