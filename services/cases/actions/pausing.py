"""Time that does not count, and time added once: paused, resumed and extended, and told to the applicant in writing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions.claiming import actor_of, file_of
from services.cases.actions.letters import case_letter
from services.cases.actions.second_visits import check_supervisor
from services.cases.actions.turns import save_turns
from services.cases.models import Case, Extension, Pause
from services.cases.queries.casefiles import law
from services.cases.queries.visibility import case_for
from services.cases.turn import Act, turn_case
from services.core import limits, pauses
from services.core.casefile import CaseFile
from services.core.pauses import PauseNotLawful, pause_kind
from services.core.refusal import Kind, Mistake, Refusal
from services.ledger import looking
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView

LONGEST_BASIS, LONGEST_REASONS = 300, 2000


class LeadOfficeOnly(Refusal):
    """The limits of a case are the lead office's; others who work on it have days of their own."""

    code = "lead_office_only"
    kind = Kind.FORBIDDEN
    sentence = "Only the office that leads the case can do this."


class NoSuchPause(Refusal):
    """There is no such pause of this case, or it has ended."""

    code = "no_such_pause"
    kind = Kind.MISSING
    sentence = "There is no such pause, or it has ended already."


@looking.unseen()
@transaction.atomic
def pause_case(
    *, viewer: AccountView, case_id: UUID, kind: str, legal_basis: str, planned_days: int, now: datetime
) -> UUID:
    """Stop the limits for one of the eight things that do not count, and tell the applicant (R2.21). Return the pause.

    :raises PauseNotLawful: for another kind, without a legal basis, or without a length.
    :raises LeadOfficeOnly: for an officer of another office.
    :raises NoSuchCase, CannotMove:
    """
    case, file = led_case(viewer, case_id, now)
    pause = pauses.Pause(
        kind=pause_kind(kind), start=file.on, end=None, planned_days=planned_days, told_on=file.on,
        legal_basis=_at_most(legal_basis.strip(), LONGEST_BASIS, "legal_basis", PauseNotLawful),
    )  # fmt: skip
    after = limits.pause(file, pause=pause, role=viewer.role)
    until = limits.pause_ends(after, law()).isoformat()
    letter = case_letter(
        case, NoticeKind.PAUSED, pause=dict(pauses.KIND_NAMES[pause.kind]), days=planned_days, until=until,
        legal_basis=pause.legal_basis, due_on=limits.promised_due(after, law()).on.isoformat(),
    )  # fmt: skip
    (letter_id,) = notify(rows=[letter], now=now)
    row = Pause.objects.create(
        case=case, kind=pause.kind, legal_basis=pause.legal_basis, planned_days=planned_days, started_on=file.on,
        paused_by_id=viewer.id, told_on=file.on, letter_id=letter_id,
    )  # fmt: skip
    told = {
        "pause": str(row.id),
        "kind": pause.kind,
        "days": planned_days,
        "until": until,
        "letter": str(letter_id),
    }
    save_turns([turn_case(case, file, Act(actor_of(viewer), "paused", told), file=after)], now=now)
    return row.id


@looking.unseen()
@transaction.atomic
def resume_case(*, viewer: AccountView, case_id: UUID, pause_id: UUID | None = None, now: datetime) -> None:
    """Let the time count again before the told length is over, and tell the applicant (R2.23).

    `pause_id`, where it is named, must be the pause that the case is in.

    :raises NoSuchPause: if it is another, or has ended.
    :raises LeadOfficeOnly: for an officer of another office.
    :raises NoSuchCase, CannotMove:
    """
    case, file = led_case(viewer, case_id, now)
    row = Pause.objects.filter(case=case, ended_on__isnull=True).first()
    if pause_id is not None and (row is None or row.id != pause_id):
        raise NoSuchPause
    after = limits.resume(file, law(), role=viewer.role)
    until = limits.promised_due(after, law()).on.isoformat()
    (letter_id,) = notify(rows=[case_letter(case, NoticeKind.RESUMED, until=until)], now=now)
    told = {"pause": str(row.id) if row else "", "letter": str(letter_id)}
    save_turns([turn_case(case, file, Act(actor_of(viewer), "resumed", told), file=after)], now=now)


@looking.unseen()
@transaction.atomic
def extend_case(*, viewer: AccountView, case_id: UUID, days: int, reasons: str, now: datetime) -> None:
    """Approve more working days for the office, once, with reasons that the applicant reads (R2.11).

    :raises SupervisorsOnly: for anybody but a supervisor, who acts for the head of the office.
    :raises LeadOfficeOnly: for a supervisor of another office.
    :raises ExtensionNotLawful: a second time, too late, too long, or without reasons.
    :raises NoSuchCase:
    """
    check_supervisor(viewer)
    case, file = led_case(viewer, case_id, now)
    words = _at_most(reasons.strip(), LONGEST_REASONS, "reasons", pauses.ExtensionNotLawful)
    extension = pauses.Extension(
        days=days, granted_on=file.on, approver=str(viewer.id), reasons=words, told_on=file.on
    )
    after = limits.extend(file, law(), extension=extension, role=viewer.role)
    until = limits.statutory_due(after, law()).on.isoformat()
    letter = case_letter(case, NoticeKind.EXTENDED, written=words, days=days, until=until)
    (letter_id,) = notify(rows=[letter], now=now)
    Extension.objects.create(
        case=case, days=days, reasons=words, granted_on=file.on, approved_by_id=viewer.id, told_on=file.on,
        due_before=limits.statutory_due(file, law()).on, letter_id=letter_id,
    )  # fmt: skip
    told = {"days": days, "until": until, "letter": str(letter_id)}
    save_turns([turn_case(case, file, Act(actor_of(viewer), "extended", told), file=after)], now=now)


def led_case(viewer: AccountView, case_id: UUID, now: datetime) -> tuple[Case, CaseFile]:
    """Return the case, locked, and its file as it stands now, for an officer of the office that leads it."""
    case = case_for(viewer, case_id, lock=True)
    if not viewer.role.is_staff or viewer.organisation != case.organisation:
        raise LeadOfficeOnly
    return case, file_of(case, now)


def _at_most(words: str, most: int, place: str, refusal: type[Refusal]) -> str:
    if len(words) > most:
        raise refusal(errors=[Mistake(place, "Write at most {most} characters.", {"most": most})])
    return words
