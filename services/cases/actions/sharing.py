"""A certificate is looked at with its holder's sharing code: once, on record, and the holder is told (R12.3, R15.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from services import clock
from services.cases.actions.certificates import letters_to_holder
from services.cases.actions.letters import case_letter
from services.cases.models import Case
from services.catalogue import queries as catalogue
from services.certificates.actions.sharing import use_sharing_code
from services.certificates.queries import CertificateView
from services.core.definitions import Definition
from services.core.facts import Texts, Value
from services.core.purposes import Purpose
from services.ledger.actions import WORKER, NewReading, record_readings
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people import identifiers
from services.people import queries as people


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """What stands on a certificate, for whoever was handed its sharing code; numbers of identity masked (R12.10)."""

    certificate: CertificateView = field(repr=False)
    name: Texts = field(hash=False)
    holder_name: str = field(repr=False)
    content: Mapping[str, Value] = field(hash=False, repr=False)


@transaction.atomic
def show_certificate(*, number: str, sharing_code: str, now: datetime) -> ShownCertificate | None:
    """Return what the certificate says, if the code opens it; the code is used up by that.

    Who looks is not asked. That somebody did stands among the readings of the holder's data, and in a letter.
    """
    found = use_sharing_code(number=number, code=sharing_code, now=now)
    if found is None:
        return None
    case = Case.objects.select_related("application").get(id=found.case_id)
    definition = catalogue.definition(case.service_version_id)
    kind = definition.evidence_types[found.type]
    record_readings(rows=[_reading(found, now)])
    letter = case_letter(
        case,
        NoticeKind.CERTIFICATE_SHOWN,
        certificate=found.number,
        name=dict(kind.name),
        organisation=found.organisation,
        looked_at=clock_text(now),
    )
    notify(rows=letters_to_holder(found, letter), now=now)
    return ShownCertificate(found, kind.name, people.holder_name(found.holder), _masked(found, definition))


def _masked(found: CertificateView, definition: Definition) -> dict[str, Value]:
    numbers = {code for code, fact in definition.facts.items() if fact.format == "identity_number"}
    return {
        code: identifiers.masked(str(value)) if code in numbers else value
        for code, value in found.content.items()
    }


def clock_text(now: datetime) -> str:
    """Return the moment as letters are told it, in the zone of the offices."""
    return now.astimezone(clock.zone()).isoformat()


def _reading(found: CertificateView, now: datetime) -> NewReading:
    return NewReading(
        at=now, actor=WORKER, organisation="", holder=found.holder, matter_kind="certificate", matter_id=found.id,
        purpose=Purpose.SHARING_CODE, basis=clock.profile().consent_basis,
        fields=[*found.content] or [found.type], source="portal",
    )  # fmt: skip
