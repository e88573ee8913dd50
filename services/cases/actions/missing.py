"""Nobody came: the appointment is noted as missed, and whoever is awaited still is told to book another time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.letters import case_letter
from services.cases.actions.turns import save_turns
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.visits import NotYourDesk, open_counter_cases
from services.cases.turn import Act, turn_case
from services.ledger.actions import WORKER
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.visits import actions as visits
from services.visits import queries as appointments


@transaction.atomic
def miss_visit(*, appointment_id: UUID, now: datetime) -> None:
    """Note that nobody came: not a visit; another time can be booked until the case lapses. Once is enough.

    :raises NotYourDesk: if there is no such appointment.
    :raises services.visits.actions.NotMissedYet, AppointmentOver:
    """
    booked = appointments.appointment(appointment_id=appointment_id)
    if booked is None:
        raise NotYourDesk
    # The cases first, as every act on a visit does it: two that meet then wait for each other in one order.
    cases = open_counter_cases(booked.application_ids, lock=True)
    if not visits.miss_appointment(appointment_id=appointment_id, now=now):
        return
    files = case_files(cases, on=clock.legal_day(now))
    act = Act(WORKER, "visit_missed", {"appointment": str(appointment_id)})
    save_turns([turn_case(case, files[case.id], act) for case in cases], now=now)
    due = law().working_days(clock.legal_day(now), law().profile.visit_days)
    told = [case_letter(case, NoticeKind.VISIT_MISSED, until=due.isoformat()) for case in cases]
    notify(rows=told, now=now)
