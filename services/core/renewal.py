"""Certificates that end (R2.25): what renews them, when their holder hears of it, and what an office's silence does.

An office decides on the renewal of a licence before the licence ends. Where it was applied for in time and nobody has
decided by the last day, the law takes the licence for renewed: as it was, and for the same term. Automation grants
that, as it grants everything that needs no judgement; it never refuses (R15.8).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from services.core.casefile import CaseFile
from services.core.clocks import add_months
from services.core.definitions import Definition, Requirement
from services.core.evidence import Grade, HeldEvidence
from services.core.jurisdiction import ClockProfile, Law
from services.core.states import UNDER_WAY


def renewal_requirement(definition: Definition) -> Requirement | None:
    """Return the requirement that makes the service a renewal: what it issues for a term, it asks of everybody."""
    issued = definition.output.certificate
    if not issued or not definition.evidence_types[issued].validity_months:
        return None
    for one in definition.requirements:
        if one.party == "applicant" and not one.when and any(issued in entry for entry in one.any_of):
            return one
    return None


def silence_renews(definition: Definition) -> bool:
    """Return whether the law presumes this renewal where nobody decides: that of a licence, and of nothing else."""
    return definition.kind == "permit" and renewal_requirement(definition) is not None


def renewed(case: CaseFile) -> HeldEvidence | None:
    """Return what the case renews: the certificate itself, or its record at its office, never a copy."""
    requirement = renewal_requirement(case.definition)
    settlement = case.settlements.get(requirement.code) if requirement else None
    for one in settlement.evidence if settlement else ():
        if one.type == case.definition.output.certificate and one.grade is Grade.A and one.valid_until:
            return one
    return None


def apply_by(ends_on: date, profile: ClockProfile) -> date:
    """Return the last day for applying in time."""
    return ends_on - timedelta(days=profile.renewal_calendar_days)


def decide_by(case: CaseFile, law: Law) -> date | None:
    """Return the last day of the licence, where the renewal was applied for in time: silence renews it then."""
    if not silence_renews(case.definition):
        return None
    old = renewed(case)
    if old is None or old.valid_until is None or case.received_on > apply_by(old.valid_until, law.profile):
        return None
    return old.valid_until


def is_deemed_renewed(case: CaseFile, law: Law) -> bool:
    """Return whether the licence has ended with its renewal accepted, undecided, and nothing left to be paid."""
    if case.state not in UNDER_WAY or case.fee_due:
        return False
    last_day = decide_by(case, law)
    return last_day is not None and case.on > last_day


def next_term_ends(case: CaseFile) -> date | None:
    """Return the last day of the same term once more, counted from the end of the one before."""
    old = renewed(case)
    months = case.definition.evidence_types[case.definition.output.certificate].validity_months if old else 0
    return add_months(old.valid_until, months) if old and old.valid_until else None


def new_term_ends(case: CaseFile, law: Law, *, presumed: bool) -> date | None:
    """Return the last day of what the case issues; None if it has no end.

    A licence that is renewed in its time loses no day of the term before (R2.25): the new one begins with its end, by
    silence (`presumed`) and by an officer's hand alike. Its time begins with the first reminder: whoever comes earlier
    begins the new term with the decision, so that no term is put on top of others unlooked at.
    """
    months = case.definition.evidence_types[case.definition.output.certificate].validity_months
    if presumed or _is_renewed_in_its_time(case, law.profile):
        return next_term_ends(case)
    return add_months(case.on, months) if months else None


def _is_renewed_in_its_time(case: CaseFile, profile: ClockProfile) -> bool:
    old = renewed(case) if silence_renews(case.definition) else None
    if old is None or old.valid_until is None or case.on > old.valid_until:
        return False
    return case.received_on >= old.valid_until - timedelta(days=max(profile.renewal_reminders))


def reminder_reached(*, issued_on: date, ends_on: date, on: date, days: Sequence[int]) -> int | None:
    """Return which reminder is due: that of the last day reached, in days before the end.

    None before the first, after the end, and where the certificate was not there yet on that day: whoever is given
    something for a month is not told on the same day that it ends soon.
    """
    reached = [one for one in days if issued_on < ends_on - timedelta(days=one) <= on <= ends_on]
    return min(reached, default=None)


def next_reminder_on(*, issued_on: date, ends_on: date, on: date, days: Sequence[int]) -> date | None:
    """Return the first day after `on` that brings a reminder, or None if none does."""
    told_on = (ends_on - timedelta(days=one) for one in days)
    return min((day for day in told_on if day > max(on, issued_on)), default=None)
