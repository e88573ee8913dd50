"""What was promised comes in on paper: an officer who has the original in hand says so, once (R5.6, R3.17)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.letters import case_letter, requirement_names
from services.cases.actions.pausing import led_case
from services.cases.actions.promising import ExplainInWords
from services.cases.actions.reviewing import see_originals
from services.cases.actions.second_visits import LONGEST_REASON, SecondVisit
from services.cases.actions.turns import save_turns
from services.cases.models import Attendance, Case, Promise
from services.cases.queries.casefiles import case_files
from services.cases.queries.trips import attended_before
from services.cases.queries.visibility import case_for
from services.cases.turn import Act, turn_case
from services.catalogue import queries as catalogue
from services.core.acts import hand_in
from services.core.evidence import Standing
from services.core.promises import Delivery, DeliveryNotOffered, check_awaited, check_delivery
from services.core.refusal import Mistake
from services.core.states import Role
from services.core.waiting import UNDECIDED
from services.ledger import looking
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView


@looking.unseen()
@transaction.atomic
def receive_promised(
    *, viewer: AccountView, case_id: UUID, requirement: str, delivery: str, again: str = "", now: datetime
) -> None:
    """Record that the original came by post or was handed in: evidence of grade B, and the promise is met (R5.6).

    Only the original is taken on paper: a copy can be sent online, where it is looked at like any other (R3.17).
    Handing in is the case's one visit; `again` is a supervisor's reason to take it from somebody who came before.

    :raises LeadOfficeOnly: for anybody but an officer of the office that leads the case.
    :raises PromiseNotOpen: if nothing of the sort is awaited.
    :raises DeliveryNotOffered: for what is no way on paper, or a trip where there is a visit anyway.
    :raises SecondVisit: if the case was attended on another day, unless a supervisor says why it is taken (R8.7).
    """
    if delivery not in (Delivery.POST, Delivery.WINDOW):
        raise DeliveryNotOffered
    together = _locked(case_for(viewer, case_id))
    case, file = led_case(viewer, case_id, now)
    check_awaited(file, requirement)
    check_delivery([catalogue.definition(one.service_version_id) for one in together], delivery)
    awaiting = _awaiting(together, requirement, now)
    trip = delivery == Delivery.WINDOW
    came = _attend(viewer, awaiting, _promise_of(case, requirement), again.strip(), now) if trip else ()
    see_originals(case, file, [requirement], actor_of(viewer), now)
    notify(rows=[_letter(case, requirement) for case in awaiting], now=now)
    act = Act(actor_of(viewer), "promise_received", {"requirement": requirement, "delivery": str(delivery)})
    fresh = case_files(awaiting, on=clock.legal_day(now))
    after = {one.id: hand_in(fresh[one.id]) if one.id in came else fresh[one.id] for one in awaiting}
    save_turns([turn_case(one, fresh[one.id], act, file=after[one.id]) for one in awaiting], now=now)


def _locked(case: Case) -> list[Case]:
    """Return all cases of the application, locked in one order: what one of them was promised may serve another."""
    rows = Case.objects.filter(application_id=case.application_id).select_related("application__person")
    rows = rows.prefetch_related("application__parties").select_for_update(of=("self",))
    return list(rows.order_by("number"))


def _awaiting(together: Sequence[Case], requirement: str, now: datetime) -> list[Case]:
    """Return the cases that were promised this and wait for it."""
    open_ones = [case for case in together if case.state in UNDECIDED]
    files = case_files(open_ones, on=clock.legal_day(now))
    found = ((case, files[case.id].settlements.get(requirement)) for case in open_ones)
    return [case for case, one in found if one is not None and one.standing is Standing.PROMISED]


def _promise_of(case: Case, requirement: str) -> UUID:
    """Return the promise, whose name the trip bears: no appointment was made for it."""
    rows = Promise.objects.filter(application_id=case.application_id, service=case.service)
    return rows.get(requirement=requirement).id


def _attend(
    viewer: AccountView, cases: Sequence[Case], trip: UUID, again: str, now: datetime
) -> frozenset[UUID]:
    """Count the trip for each case, and return those for which it counts: the same day is the same trip (R8.4)."""
    today = clock.legal_day(now)
    of_today = list(
        Attendance.objects.filter(application__in={one.application_id for one in cases}, on=today)
    )
    noted = {row.case_id for row in of_today}
    came, centre = next(((row.visit_id, row.centre) for row in of_today), (trip, ""))
    earlier = attended_before(cases, on=today)
    rows = [
        Attendance(
            case=case, application_id=case.application_id, visit_id=came, centre=centre, on=today
        )
        for case in cases
        if case.id not in noted
    ]  # fmt: skip
    for row in rows:
        if row.case_id in earlier:
            _check_again(viewer, again)
            row.exception_reason, row.approved_by_id = again, viewer.id
    Attendance.objects.bulk_create(rows)
    return frozenset(row.case_id for row in rows)


def _check_again(viewer: AccountView, again: str) -> None:
    """Do nothing if a supervisor takes it from somebody who came before, and says why (R8.7)."""
    if viewer.role is not Role.SUPERVISOR or not again:
        raise SecondVisit
    if len(again) > LONGEST_REASON:
        raise ExplainInWords(errors=[Mistake("again", ExplainInWords.sentence)])


def _letter(case: Case, requirement: str) -> NewNotice:
    names = requirement_names(catalogue.definition(case.service_version_id), [requirement])
    return case_letter(case, NoticeKind.PROMISE_RECEIVED, items=names)
