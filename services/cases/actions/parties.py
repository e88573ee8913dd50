"""Parties beside the applicant: entered as the answers name them, known only by their number, signing themselves."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from services import clock
from services.cases.models import Application, ApplicationState, Party
from services.cases.queries.casefiles import draft_file
from services.cases.queries.drafts import definitions_of
from services.cases.queries.statements import statements_to_sign
from services.certificates import queries as certificates
from services.core.definitions import Definition
from services.core.definitions import Party as PartyDefinition
from services.core.facts import FORMATS, Holder, Value
from services.core.refusal import Mistake, Refusal
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.actions import About, Signature
from services.ledger.queries import readings_about
from services.people import queries as people
from services.people.actions import (
    forget_named_businesses,
    hold_named_businesses,
    record_named,
    record_named_business,
)
from services.people.identifiers import IdentifierMistyped
from services.people.queries import AccountView

# An applicant writes a party's number, not its kind: the kinds are tried in this order.
DOCUMENTS = ("resident_id", "residence_card", "passport")


class PartyNotNamed(Refusal):
    """The number given for a party cannot be one."""

    code = "party_not_named"
    sentence = "The number of a party needs another look."


def enter_parties(application: Application, *, now: datetime) -> None:
    """Enter the parties whom the answers name, each found again only by the very number given.

    :raises PartyNotNamed: at the answer that cannot be a number.
    """
    before = businesses_named([application])
    application.parties.filter(signed_at__isnull=True).delete()
    on = clock.legal_day(now)
    # What is at hand is read only where a service has parties, and once for each: those entered may change it.
    for definition in (one for one in definitions_of(application) if one.parties):
        file = draft_file(application, definition, on=on)
        for party in definition.parties:
            if file.holds(party.when) is not False:
                known = _party(definition, party, application.answers, now)
                Party.objects.get_or_create(application=application, role=party.role, defaults=known)
    forget_named(before - businesses_named([application]))


def businesses_named(applications: Iterable[Application]) -> set[UUID]:
    """Return the businesses that are parties of these applications."""
    rows = Party.objects.filter(application__in=applications, business__isnull=False)
    return set(rows.values_list("business", flat=True))


def forget_named(business_ids: Collection[UUID]) -> None:
    """Forget businesses that nobody but a draft has named (R15.10); one that any record speaks of stays."""
    if business_ids:
        held = hold_named_businesses(business_ids=business_ids)
        forget_named_businesses(business_ids=[one for one in held if not _is_spoken_of(one)])


def _is_spoken_of(business_id: UUID) -> bool:
    business = Holder("business", business_id)
    return (
        Party.objects.filter(business=business_id).exists()
        or Application.objects.filter(business=business_id).exists()
        or bool(evidence_queries.applications_about(holders=[business]))
        or certificates.has_any(holder=business)
        or bool(readings_about(business, limit=1))
    )


def _party(
    definition: Definition, party: PartyDefinition, answers: Mapping[str, Value], now: datetime
) -> dict[str, object]:
    told = [(code, definition.facts[code].format) for code in party.identified_by if code in answers]
    numbered = next(((code, str(answers[code])) for code, kind in told if kind), None)
    name = next((str(answers[code]) for code, kind in told if not kind), "")
    known: dict[str, object] = {"kind": party.kind, "signs": party.signs}
    if numbered is None:
        return known
    if party.kind == "business":
        business_id = _business(*numbered, name=name, now=now)
        return known | {"business_id": business_id, "number_index": people.business_index(numbered[1])}
    person_id = _person(*numbered, name=name, now=now)
    return known | {"person_id": person_id, "number_index": people.index_of(person_id)}


def _person(code: str, number: str, *, name: str, now: datetime) -> UUID:
    for kind in DOCUMENTS:
        try:
            return record_named(document_kind=kind, number=number, name=name, now=now)
        except IdentifierMistyped:
            continue
    raise PartyNotNamed(errors=[Mistake(code, "This cannot be the number of an identity document.")])


def _business(code: str, uscc: str, *, name: str, now: datetime) -> UUID:
    try:
        return record_named_business(uscc=uscc, name=name, now=now)
    except IdentifierMistyped as error:
        raise PartyNotNamed(errors=[Mistake(code, FORMATS["uscc"][1])]) from error


def sign_for_party(
    application: Application, party: Party, read_digests: Collection[str], now: datetime
) -> None:
    """Keep what a co-signer declares by signing: each that is theirs to make, as they read it (R4.6, R4.12).

    :raises services.evidence.actions.TextHasChanged: if one of the texts is not among those they read.
    """
    for one in statements_to_sign(application, party.role, on=clock.legal_day(now)):
        if one.digest not in read_digests or party.signed_by_id is None:
            raise evidence.TextHasChanged
        about = About(application_id=application.id, type=one.kind, holder=one.holder)
        signature = Signature(account_id=party.signed_by_id, text=one.content, read_digest=one.digest)
        evidence.state(about=about, facts=one.facts, signature=signature, now=now)


def holders_of_parties(parties: Iterable[Party]) -> list[Holder]:
    """Return the persons and businesses that the parties are, as far as they are known."""
    people_known = [Holder("person", one.person_id) for one in parties if one.person_id]
    return people_known + [Holder("business", one.business_id) for one in parties if one.business_id]


def invited(*, viewer: AccountView, now: datetime) -> None:
    """Attach to a person who has just come the invitations that were waiting under their number or their business's."""
    if viewer.person_id is None:
        return
    waiting = Party.objects.filter(application__state=ApplicationState.AWAITING_SIGNATURES)
    mine = waiting.filter(person__isnull=True, number_index=people.index_of(viewer.person_id))
    mine.update(person_id=viewer.person_id)
    for business in people.businesses_of(viewer.id, on=clock.legal_day(now)):
        index = people.business_index(business.uscc)
        waiting.filter(business__isnull=True, number_index=index).update(business_id=business.id)
