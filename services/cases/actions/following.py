"""The applicant's acts on a case under way: answer the correction, withdraw."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.handling import actor_of
from services.cases.actions.turns import save_turns
from services.cases.models import CorrectionNotice
from services.cases.queries.casefiles import case_files
from services.cases.queries.visibility import NoSuchCase, case_for
from services.cases.turn import Act, turn_case
from services.core import acts
from services.core.acting import Done
from services.core.states import Role
from services.people.queries import AccountView


@transaction.atomic
def answer_correction(*, viewer: AccountView, case_id: UUID, now: datetime) -> None:
    """Say that what was asked for has been handed in: the office looks again (R2.6).

    :raises CannotMove: if no correction is open.
    """
    case = case_for(viewer, case_id, lock=True)
    file = case_files([case], on=clock.legal_day(now))[case.id]
    after = acts.answer_correction(file)
    CorrectionNotice.objects.filter(case=case).update(answered_on=file.on)
    note_acted(viewer, case.application, Done.CORRECTED, now=now)
    act = Act(actor_of(viewer), "correction_answered", {})
    save_turns([turn_case(case, file, act, file=after)], now=now)


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
