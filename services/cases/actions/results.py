"""Issuing what was granted: the certificate with its facts, for its holder, and the business it may found."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.models import Application, Decision
from services.cases.queries.casefiles import holders_of, law
from services.cases.turn import Turn
from services.certificates.actions import NewCertificate, issue_certificates
from services.certificates.actions.ending import Ending, end_certificates
from services.core.definitions import Definition
from services.core.evidence import Source
from services.core.facts import Holder, Value
from services.core.renewal import new_term_ends, renewed
from services.core.routing import Event
from services.people import actions as people
from services.people.queries import identity_of


def issue(turns: Sequence[Turn], *, now: datetime) -> dict[UUID, dict[str, dict[str, object]]]:
    """Issue the certificates of the cases that come to be issued, and cancel those they end; each in one batch.

    Return the ids of both for the ledger.
    """
    granted = [turn for turn in turns if turn.saw(Event.ISSUED)]
    rows = [_certificate(turn, now) for turn in granted if turn.after.definition.output.certificate]
    issued = issue_certificates(rows=rows, now=now) if rows else []
    led: dict[UUID, dict[str, object]] = {
        row.case_id: {"certificate": str(one.id)} for row, one in zip(rows, issued, strict=True)
    }
    for case_id, ended in _end([turn for turn in granted if turn.after.definition.output.ends], now).items():
        led.setdefault(case_id, {})["ended"] = [str(one) for one in ended]
    return {case_id: {Event.ISSUED: detail} for case_id, detail in led.items()}


def _end(turns: Sequence[Turn], now: datetime) -> dict[UUID, list[UUID]]:
    """Cancel the certificates that these cases end (R2.26)."""
    if not turns:
        return {}
    signed = Decision.objects.filter(case_id__in=[turn.case.id for turn in turns])
    officers = dict(signed.values_list("case_id", "signed_by_id"))
    return end_certificates(
        rows=[row for turn in turns for row in _endings(turn, officers.get(turn.case.id))], now=now
    )


def _endings(turn: Turn, officer: UUID | None) -> Iterator[Ending]:
    """Yield what the case ends: signed by the officer who decided, or by whoever asked for it where none had to."""
    definition, application = turn.after.definition, turn.case.application
    for kind in (definition.evidence_types[code] for code in definition.output.ends):
        holder = holders_of(application).of(kind, "applicant")
        if holder is not None:
            yield Ending(
                case_id=turn.case.id,
                type=kind.code,
                holder=holder,
                key=str(turn.after.facts.get(kind.key, "")) if kind.key else "",
                by=officer or application.account_id,
                legal_basis="; ".join(definition.legal_basis),
            )


def _certificate(turn: Turn, now: datetime) -> NewCertificate:
    definition, file = turn.after.definition, turn.after
    kind = definition.evidence_types[definition.output.certificate]
    content = printed_facts(definition, file.facts)
    holder = holders_of(turn.case.application).of(kind, "applicant")
    if definition.output.founds:
        holder, content = _found(turn, content, now)
    if holder is None:
        raise ValueError(f"case {turn.case.id} has nobody to issue a certificate to")
    # Where silence renewed it, it goes on as it was (R2.25).
    presumed = turn.saw(Event.DEEMED_RENEWED)
    old = renewed(file) if presumed else None
    if old is not None and old.source is Source.ISSUED:
        content = dict(old.facts)
    return NewCertificate(
        case_id=turn.case.id,
        service_code=definition.code,
        type=kind.code,
        organisation=definition.organisation,
        holder=holder,
        content=content,
        issued_on=file.on,
        valid_until=new_term_ends(file, law(), presumed=presumed),
        key=str(file.facts.get(kind.key, "")) if kind.key else "",
        supersedes=_renews(definition),
        service_version=turn.case.service_version_id,
    )


def _renews(definition: Definition) -> bool:
    """Return whether the service changes or renews a certificate that it requires itself (R12.2)."""
    return any(
        definition.output.certificate in entry for one in definition.requirements for entry in one.any_of
    )


def printed_facts(definition: Definition, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return what stands on the certificate: the type's facts as known, or as the definition takes them from others."""
    kind = definition.evidence_types[definition.output.certificate]
    named = dict.fromkeys([*kind.proves, *([kind.key] if kind.key else []), *definition.output.gives])
    printed = {fact: facts.get(definition.output.gives.get(fact, fact)) for fact in named}
    # What a change leaves out stays as it was.
    told = {fact: facts.get(fact) if value is None else value for fact, value in printed.items()}
    return {fact: value for fact, value in told.items() if value is not None}


def _go_on_for(application: Application, business_id: UUID) -> None:
    """Let what else was applied for go on for the business that now exists (R7.5)."""
    if len(application.services) > 1 and application.business_id is None:
        application.business_id = business_id
        Application.objects.filter(id=application.id).update(business_id=business_id)


def _found(turn: Turn, content: dict[str, Value], now: datetime) -> tuple[Holder, dict[str, Any]]:
    """Enter the business that this case founds; its register's number goes onto the licence."""
    business_id = people.found_business(
        name=str(content["business.name"]),
        kind=turn.after.definition.output.founds,
        founder_person_id=turn.case.application.person_id,
        now=now,
    )
    _go_on_for(turn.case.application, business_id)
    founded = Holder("business", business_id)
    registered = {
        "business.uscc": identity_of(founded).number,
        "business.kind": turn.after.definition.output.founds,
    }
    return founded, {**content, **registered}
