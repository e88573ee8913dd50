"""The letters about commitments: found untrue, stopped, heard again, revoked; each with its remedies (R2.16)."""

from dataclasses import dataclass, field
from datetime import date

from services.cases.actions.letters import case_letter
from services.cases.models import Case, CommitmentCheck
from services.cases.queries.casefiles import law
from services.catalogue import queries as catalogue
from services.core.clocks import due_or_provisional
from services.core.facts import Texts
from services.notices.actions import NewNotice
from services.notices.kinds import NoticeKind
from services.notices.reasons import reason_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """That a commitment is untrue, before it is signed: on which law, in which words, with which remedies.

    `repair_until` is the last day for putting it right, of what was granted already; `closed_until` the last day on
    which no commitment is taken in this matter (R4.10, R4.11).
    """

    found_on: date
    legal_basis: str
    explanation: str = field(repr=False)
    closed_until: date | None
    repair_until: date | None = None

    @property
    def reconsideration_until(self) -> date:
        """Return until when reconsideration can be asked for (R2.16)."""
        return due_or_provisional(self.found_on, law().profile.reconsideration, law().calendar).on

    @property
    def suit_until(self) -> date:
        """Return until when one can go to court (R2.16)."""
        return due_or_provisional(self.found_on, law().profile.suit, law().calendar).on


def untrue_letter(case: Case, name: Texts, finding: Finding) -> NewNotice:
    """Return the order to put right what was committed to untruly (R4.10)."""
    until = finding.repair_until or finding.found_on
    return case_letter(
        case, NoticeKind.COMMITMENT_UNTRUE, written=finding.explanation, items=[dict(name)],
        legal_basis=finding.legal_basis, until=until.isoformat(), **_closed(finding),
    )  # fmt: skip


def stopped_letter(case: Case, finding: Finding) -> NewNotice:
    """Return the decision to stop handling (R4.10)."""
    reasons = [dict(reason_texts("commitment_untrue"))]
    return case_letter(
        case, NoticeKind.HANDLING_STOPPED, written=finding.explanation, reasons=reasons,
        legal_basis=finding.legal_basis, **_closed(finding),
    )  # fmt: skip


def _closed(finding: Finding) -> dict[str, object]:
    return {"closed_until_on": finding.closed_until.isoformat()} if finding.closed_until else {}


def revoked_letter(case: Case, name: Texts, *, legal_basis: str, explanation: str) -> NewNotice:
    """Return the revocation of what was granted, where no certificate says it (R4.10)."""
    return case_letter(
        case, NoticeKind.GRANT_REVOKED, written=explanation, items=[dict(name)], legal_basis=legal_basis
    )


def heard_letter(
    check: CommitmentCheck, outcome: str, *, written: str = "", until: date | None = None
) -> NewNotice:
    """Return what became of a commitment that was looked at again; `until`: it is still to be put right by then."""
    told: dict[str, object] = {"until": until.isoformat()} if until else {}
    return case_letter(
        check.case, NoticeKind.COMMITMENT_HEARD, written=written, items=[dict(name_of(check))],
        reasons=[dict(reason_texts(outcome))], **told,
    )  # fmt: skip


def name_of(check: CommitmentCheck) -> Texts:
    """Return what was committed to, by name."""
    return catalogue.definition(check.case.service_version_id).evidence_types[check.type].name
