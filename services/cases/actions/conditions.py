"""A commitment to the conditions of a licence, instead of a look at them beforehand: decided on the spot (R4.7)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.assisted import check_nobody_helps
from services.cases.actions.drafting import NotADraft
from services.cases.actions.evidence import check_may_sign, declaration_text
from services.cases.actions.giving import Matter, note_change, own_application
from services.cases.models import ApplicationState
from services.cases.queries.casefiles import holders_of
from services.cases.queries.drafts import files_of
from services.core.acting import Done
from services.core.acts import NotRequired
from services.evidence import actions as evidence
from services.evidence.actions import About, Signature
from services.evidence.wording import DeclarationText
from services.people.actions import WhoAreYou
from services.people.queries import AccountView


@transaction.atomic
def conditions_to_sign(
    *, viewer: AccountView, application_id: UUID, service: str, now: datetime
) -> DeclarationText:
    """Return the notice and the commitment to read before it is signed (R4.4-R4.6).

    :raises NotRequired: if the service offers none.
    :raises services.evidence.actions.NotDeclarable: while an untrue one has closed that way (R4.11).
    :raises NotADraft: once it is filed.
    """
    return _text(viewer, _matter(viewer, application_id, service, now), now)


@transaction.atomic
def commit_to_conditions(
    *, viewer: AccountView, application_id: UUID, service: str, read_digest: str, now: datetime
) -> UUID:
    """Sign the commitment; what it replaces is then looked at after the decision (R4.7, R4.9). Return the evidence.

    It is the applicant's choice: without it the case goes its usual way, and loses nothing (R4.3).

    :raises services.evidence.actions.TextHasChanged: if that is not the text that was read (R4.6).
    :raises NotYoursToSign: for an agent without that very power (R4.12).
    :raises NotRequired, services.evidence.actions.NotDeclarable, NotADraft:
    """
    check_nobody_helps(viewer)
    matter = _matter(viewer, application_id, service, now)
    check_may_sign(viewer, matter.application, service, now)
    signature = Signature(account_id=viewer.id, text=_text(viewer, matter, now), read_digest=read_digest)
    signed = evidence.state(about=matter.about, facts=matter.facts, signature=signature, now=now)
    note_acted(viewer, matter.application, Done.DECLARED, now=now)
    note_change(matter.application, now)
    return signed


def _text(viewer: AccountView, matter: Matter, now: datetime) -> DeclarationText:
    on = clock.legal_day(now)
    kind = matter.about.type.code
    return declaration_text(viewer, matter.application, matter.definition, kind, matter.facts, on)


def _matter(viewer: AccountView, application_id: UUID, service: str, now: datetime) -> Matter:
    application = own_application(viewer, application_id)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    files = files_of(application, on=clock.legal_day(now))
    file = next((one for one in files if one.definition.code == service), None)
    offer = file.definition.commitments.offer if file else ""
    if file is None or not offer:
        raise NotRequired(what=service)
    holder = holders_of(application).declarant("applicant")
    if holder is None or viewer.person_id is None:
        raise WhoAreYou
    if file.shelves["applicant"].commitments_closed:
        raise evidence.NotDeclarable
    kind = file.definition.evidence_types[offer]
    about = About(application_id=application.id, type=kind, holder=holder)
    # No requirement is met by it: it stands for steps, not for a proof.
    return Matter(application, file.definition, None, about, file.facts)
