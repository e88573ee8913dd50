"""A certificate is revoked, suspended, reinstated or cancelled, by a supervisor of its office (R12.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.letters import case_letter, letter_as_sent
from services.cases.actions.routing import wake_cases
from services.cases.models import Case
from services.cases.queries.certificates import certificate_for, is_issuers
from services.catalogue import queries as catalogue
from services.certificates import actions as certificates
from services.certificates.queries import CertificateView
from services.core.facts import Holder
from services.core.grounds import GROUNDS, Change, check_grounds
from services.core.refusal import Kind, Refusal
from services.core.states import ENDED
from services.ledger import looking
from services.ledger.actions import NewEntry, record_entries
from services.ledger.queries import Head
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.notices.queries import Letter
from services.people import queries as people
from services.people.queries import AccountView

ACTS: Mapping[Change, Callable[..., bool]] = {
    Change.REVOCATION: certificates.revoke_certificate,
    Change.SUSPENSION: certificates.suspend_certificate,
    Change.REINSTATEMENT: certificates.reinstate_certificate,
    Change.CANCELLATION: certificates.cancel_certificate,
}
EVENTS: Mapping[Change, str] = {
    Change.REVOCATION: "certificate_revoked",
    Change.SUSPENSION: "certificate_suspended",
    Change.REINSTATEMENT: "certificate_reinstated",
    Change.CANCELLATION: "certificate_cancelled",
}


class IssuersOnly(Refusal):
    """Whether a certificate holds is for a supervisor of the office that issued it."""

    code = "issuers_only"
    kind = Kind.FORBIDDEN
    sentence = "Only a supervisor of the office that issued a certificate can change whether it holds."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatus:
    """What is to become of a certificate, on which ground and law; the explanation is for its holder to read."""

    change: Change
    ground: str
    legal_basis: str
    explanation: str = field(repr=False)


@looking.unseen()
@transaction.atomic
def change_certificate(*, viewer: AccountView, number: str, new_status: NewStatus, now: datetime) -> None:
    """Change whether the certificate holds, write it into its case's ledger, and tell its holder; twice is once.

    Open cases of the holder are looked at again: what is not in force settles nothing (R12.1, R3.17).

    :raises NoSuchCertificate: if there is none, or its case may not be seen.
    :raises IssuersOnly: for anybody but a supervisor of the office that issued it (R15.8).
    :raises GroundsNeeded: without a ground, a legal basis and an explanation.
    :raises CertificateCannotChange: if its status does not allow it.
    """
    found, case = _for_change(viewer, number, new_status, now)
    changed = ACTS[new_status.change](
        certificate_id=found.id, actor=actor_of(viewer), reason=new_status.ground,
        legal_basis=new_status.legal_basis, now=now,
    )  # fmt: skip
    if changed:
        _write_down(viewer, case, found, new_status, now)
        notify(rows=letters_to_holder(found, _letter(found, case, new_status)), now=now)
        wake_cases(case_ids=_open_cases_of(found.holder), now=now)


@looking.unseen()
@transaction.atomic
def preview_change(*, viewer: AccountView, number: str, new_status: NewStatus, now: datetime) -> Letter:
    """Return the letter that `change_certificate` would send; nothing is written.

    :raises NoSuchCertificate, IssuersOnly, GroundsNeeded, CertificateCannotChange: as that would.
    """
    found, case = _for_change(viewer, number, new_status, now)
    certificates.check_may_become(found.status, new_status.change)
    return letter_as_sent(case, _letter(found, case, new_status), now=now)


def expect_certificate(*, viewer: AccountView, number: str, version: int) -> None:
    """Hold the certificate's case, with the certificate at this version, until the caller's transaction ends.

    :raises NoSuchCertificate:
    :raises ChangedMeanwhile: if it has another version by now.
    """
    found, _ = certificate_for(viewer, number, on=clock.today(), lock=True)
    if found.revision != version:
        raise ChangedMeanwhile


def _for_change(
    viewer: AccountView, number: str, new_status: NewStatus, now: datetime
) -> tuple[CertificateView, Case]:
    found, case = certificate_for(viewer, number, on=clock.legal_day(now), lock=True)
    if not is_issuers(viewer, found):
        raise IssuersOnly
    check_grounds(
        new_status.change, ground=new_status.ground, legal_basis=new_status.legal_basis,
        explanation=new_status.explanation,
    )  # fmt: skip
    return found, case


def _write_down(
    viewer: AccountView, case: Case, found: CertificateView, new_status: NewStatus, now: datetime
) -> None:
    """Add the entry to the case's chain; the case itself has ended long ago, and stays as it is."""
    head = Head(case.ledger_sequence, case.ledger_head) if case.ledger_sequence else Head()
    detail = {"certificate": str(found.id), "ground": new_status.ground}
    entry = NewEntry(
        case_id=case.id, head=head, at=now, actor=actor_of(viewer), event=EVENTS[new_status.change], detail=detail,
    )  # fmt: skip
    after = record_entries(entries=[entry])[case.id]
    Case.objects.filter(id=case.id).update(
        ledger_sequence=after.sequence, ledger_head=after.digest, version=F("version") + 1
    )


def letters_to_holder(found: CertificateView, letter: NewNotice) -> list[NewNotice]:
    """Return the letter for who stands for the business it was filed for, or for the holder's own accounts.

    Where the holder has none, it waits with who filed.
    """
    if letter.business_id is not None and found.holder == Holder("business", letter.business_id):
        return [letter]
    accounts = people.accounts_of(found.holder) or (letter.account_id,)
    return [
        replace(letter, account_id=account, business_id=None, person_id=None, services=())
        for account in accounts
    ]


def _letter(found: CertificateView, case: Case, new_status: NewStatus) -> NewNotice:
    kind = catalogue.definition(case.service_version_id).evidence_types[found.type]
    return case_letter(
        case,
        NoticeKind.CERTIFICATE_CHANGED,
        written=new_status.explanation,
        certificate=found.number,
        name=dict(kind.name),
        change=new_status.change.value,
        reasons=[dict(GROUNDS[new_status.change][new_status.ground])],
        legal_basis=new_status.legal_basis,
        organisation=found.organisation,
    )


def _open_cases_of(holder: Holder) -> list[UUID]:
    theirs = Q(application__person_id=holder.id) | Q(application__business_id=holder.id)
    party = Q(application__parties__person_id=holder.id) | Q(application__parties__business_id=holder.id)
    rows = Case.objects.filter(theirs | party).exclude(state__in=ENDED)
    ids = rows.values_list("id", flat=True).distinct()
    # Held in one order before they are queued: a worker that routes one of them is waited for, not crossed.
    held = Case.objects.filter(id__in=list(ids)).select_for_update(of=("self",)).order_by("number")
    return [case.id for case in held]
