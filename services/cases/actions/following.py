"""The applicant's acts on a case under way: answer the correction, withdraw."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.asking import hold_together
from services.cases.actions.handling import actor_of
from services.cases.actions.turns import save_turns
from services.cases.models import Case, CorrectionNotice
from services.cases.queries.casefiles import case_files
from services.cases.queries.visibility import NoSuchCase, case_for, visible_cases
from services.cases.turn import Act, turn_case
from services.core import acts
from services.core.acting import Done
from services.core.states import CannotMove, CaseState, Role
from services.people.queries import AccountView


@transaction.atomic
def answer_correction(*, viewer: AccountView, case_id: UUID, now: datetime) -> None:
    """Say that what was asked for has been handed in: the office looks again (R2.6).

    In an application for several services each of those is handed in of which everything has come in; the others keep
    their time, and none waits for another (R7.8, R7.9).

    :raises CannotMove: if no correction is open.
    :raises services.core.acts.StillMissing: if of several services none has everything that it was asked for.
    """
    hold_together(of_case=case_for(viewer, case_id).id)
    case = case_for(viewer, case_id, lock=True)
    cases = _asked_with(viewer, case) if len(case.application.services) > 1 else [case]
    files = case_files(cases, on=clock.legal_day(now))
    if len(case.application.services) > 1:
        cases = [one for one in cases if not files[one.id].lacking]
    if not cases:
        raise acts.StillMissing(
            what=", ".join(sorted({code for one in files.values() for code in one.lacking}))
        )
    after = {one.id: acts.answer_correction(files[one.id]) for one in cases}
    CorrectionNotice.objects.filter(case__in=cases).update(answered_on=clock.legal_day(now))
    note_acted(viewer, case.application, Done.CORRECTED, now=now)
    act = Act(actor_of(viewer), "correction_answered", {})
    save_turns([turn_case(one, files[one.id], act, file=after[one.id]) for one in cases], now=now)


def _asked_with(viewer: AccountView, case: Case) -> list[Case]:
    """Return the cases of the application that still have to be put right, its cases being held.

    :raises CannotMove: if there is none.
    """
    rows = visible_cases(viewer).filter(application_id=case.application_id)
    rows = rows.filter(state=CaseState.CORRECTION_REQUESTED).select_related("application__person")
    found = list(rows.prefetch_related("application__parties").order_by("number"))
    if not found:
        raise CannotMove(before=case.state, after=CaseState.RECEIVED)
    return found


@transaction.atomic
def withdraw_case(*, viewer: AccountView, case_id: UUID, now: datetime) -> None:
    """Withdraw the case, any time before the decision; nothing is held against anybody.

    :raises CannotMove: once it is decided.
    :raises NoSuchCase: for anybody but an applicant.
    """
    if viewer.role is not Role.APPLICANT:
        raise NoSuchCase
    case = case_for(viewer, case_id, lock=True)
    file = case_files([case], on=clock.legal_day(now))[case.id]
    after = acts.withdraw(file)
    case.ending = "own_wish"
    note_acted(viewer, case.application, Done.WITHDRAWN, now=now)
    act = Act(actor_of(viewer), "withdrawn", {})
    save_turns([turn_case(case, file, act, file=after)], now=now)
