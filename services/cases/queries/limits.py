"""The limits of a case as people read them: its pauses, its extension, and why each day counted or did not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from services import clock
from services.cases.models import Case, Pause
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.progress import began
from services.cases.queries.urgency import paused_days
from services.cases.queries.visibility import case_for
from services.core import clocks
from services.core.clocks import Limit
from services.core.facts import Texts
from services.core.jurisdiction import Law
from services.core.limits import suspended_days
from services.core.pauses import KIND_NAMES, PauseKind, extended
from services.ledger import looking
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class PauseView:
    """A time that does not count: what for, by which law, as long as was told, until when; `open` while it lasts."""

    id: UUID
    kind: str
    kind_name: Texts = field(hash=False)
    legal_basis: str
    planned_days: int
    started_on: date
    planned_until: date
    ended_on: date | None
    told_on: date

    @property
    def open(self) -> bool:
        """Return whether the case is in it now."""
        return self.ended_on is None


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """The working days added once, with the reasons that the applicant was told."""

    days: int
    reasons: str = field(repr=False)
    granted_on: date
    due_before: date
    told_on: date


class WhichLimit(StrEnum):
    """The two limits of a case."""

    PROMISED = "promised"
    STATUTORY = "statutory"


def pause_views(case: Case) -> tuple[PauseView, ...]:
    """Return the pauses of a case, in the order in which they began."""
    return tuple(_pause(row, law()) for row in sorted(case.pauses.all(), key=began))


def _pause(row: Pause, rules: Law) -> PauseView:
    return PauseView(
        id=row.id, kind=row.kind, kind_name=KIND_NAMES[PauseKind(row.kind)], legal_basis=row.legal_basis,
        planned_days=row.planned_days, started_on=row.started_on,
        planned_until=rules.working_days(row.started_on, row.planned_days), ended_on=row.ended_on,
        told_on=row.told_on,
    )  # fmt: skip


def extension_view(case: Case) -> ExtensionView | None:
    """Return the extension of a case, if it has one."""
    row = getattr(case, "extension", None)
    if row is None:
        return None
    return ExtensionView(row.days, row.reasons, row.granted_on, row.due_before, row.told_on)


def pauses_of_case(*, viewer: AccountView, case_id: UUID) -> tuple[PauseView, ...]:
    """Return the pauses of a case.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    return pause_views(case_for(viewer, case_id))


def explained_days(
    *, viewer: AccountView, case_id: UUID, limit: WhichLimit = WhichLimit.PROMISED
) -> Sequence[clocks.Day]:
    """Return every day of a limit from acceptance to its end, and why it counted or did not; none before acceptance.

    Days of a year that is not published yet are told as those of ordinary weeks (R13.3).

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    case = case_for(viewer, case_id)
    with looking.unseen():  # days, and nothing of anybody's
        file = case_files([case], on=clock.today())[case.id]
    if file.accepted_on is None:
        return ()
    days = file.definition.promised if limit is WhichLimit.PROMISED else file.definition.statutory
    whole = extended(Limit(days), file.extension).amount
    known = clock.calendar().presuming()
    # Design §7: only what was promised stands still while the joint visit is waited for.
    waited = suspended_days(file) if limit is WhichLimit.PROMISED else clocks.NO_DAYS
    return clocks.explain(file.accepted_on, whole, known, excluded=paused_days(file) | waited)
