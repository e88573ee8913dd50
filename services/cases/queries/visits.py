"""What a visit of an application is for: the counter steps that are open in its cases."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services import clock
from services.cases.models import Case
from services.cases.queries.casefiles import case_files
from services.cases.queries.casework import party_lines
from services.cases.queries.drafts import requirement_views
from services.cases.queries.visibility import applicant_of, application_for
from services.catalogue import queries as catalogue
from services.core.casefile import CaseFile
from services.core.definitions import Mode, Step
from services.core.evidence import Settlement, Source, Standing
from services.core.facts import Texts
from services.core.mandates import Deed
from services.core.refusal import Kind, Refusal
from services.core.states import ENDED, CaseState
from services.people.queries import AccountView, agents_of, names_of_persons
from services.visits import queries as visits
from services.visits.queries import AppointmentView


class NotYourDesk(Refusal):
    """There is no such appointment, or the officer's office neither sits at its centre nor serves it."""

    code = "not_your_desk"
    kind = Kind.MISSING
    sentence = "There is no such appointment."


def open_counter_cases(application_ids: Collection[UUID], *, lock: bool = False) -> list[Case]:
    """Return the cases of these applications in which somebody is awaited at a counter."""
    rows = Case.objects.exclude(state__in=ENDED).filter(application_id__in=application_ids)
    rows = (
        rows.select_related("application__person").prefetch_related("application__parties").order_by("number")
    )
    rows = rows.select_for_update(of=("self",)) if lock else rows
    return [case for case in rows if open_counter_step(case) is not None]


def counter_cases_of(application_ids: Collection[UUID]) -> Mapping[UUID, list[Case]]:
    """Return, by application, the cases in which somebody is or was awaited at a counter."""
    found: dict[UUID, list[Case]] = {}
    for case in Case.objects.filter(application_id__in=application_ids).order_by("number"):
        counters = catalogue.definition(case.service_version_id).steps_of(Mode.COUNTER)
        if any(step.code in case.progress for step in counters):
            found.setdefault(case.application_id, []).append(case)
    return found


def counter_offices(case: Case) -> set[str]:
    """Return the offices for which somebody attends in the case."""
    definition = catalogue.definition(case.service_version_id)
    return {step.organisation for step in definition.steps_of(Mode.COUNTER)}


def open_counter_step(case: Case) -> Step | None:
    """Return the case's counter step that is open now, if any."""
    definition = catalogue.definition(case.service_version_id)
    for step in definition.steps_of(Mode.COUNTER):
        if case.progress.get(step.code, {}).get("outcome") == "open":
            return step
    return None


def appointments_for(*, viewer: AccountView, application_id: UUID) -> tuple[AppointmentView, ...]:
    """Return the appointments of an application of one's own, past ones too, the soonest first.

    :raises NoSuchApplication: if there is none, or it is somebody else's.
    """
    return appointments_told(viewer, application_for(viewer, application_id).id)


def appointments_told(viewer: AccountView, application_id: UUID) -> tuple[AppointmentView, ...]:
    """Return the appointments of an application: what else they are for is told to whoever arranged them alone."""
    found = visits.appointments_of(application_ids=[application_id])
    return tuple(
        one if one.account_id == viewer.id else replace(one, application_ids=(application_id,))
        for one in found
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """Something to look at: by requirement code, what it is, whose if not the applicant's own, and the copies sent."""

    code: str
    name: Texts = field(hash=False)
    whose: Texts = field(hash=False)
    copies: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterCase:
    """What a visit must finish in one case: the step, who signs there, the originals to be seen, copies to look at."""

    id: UUID
    application_id: UUID
    number: str
    service_name: Texts = field(hash=False)
    organisation: str
    step_name: Texts = field(hash=False)
    purpose: str
    in_person: bool
    accepts: bool
    signers: tuple[tuple[Texts, str], ...] = field(hash=False, repr=False)
    originals: tuple[Shown, ...]
    copies: tuple[Shown, ...]
    # Who may come in the applicant's place, by account and name (R11.3).
    agents: tuple[tuple[UUID, str], ...] = field(default=(), hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class CounterVisit:
    """An appointment as the desk serves it: who comes, and everything to be finished; decided on at `version`."""

    appointment: AppointmentView
    name: str = field(repr=False)
    version: int
    cases: tuple[CounterCase, ...]


def booked_at_desk(viewer: AccountView, appointment_id: UUID) -> AppointmentView:
    """Return the appointment, if the officer's office receives who comes to it (R6.1).

    :raises NotYourDesk: if there is none, or it is for another desk.
    """
    booked = visits.appointment(appointment_id=appointment_id)
    if booked is None or not viewer.role.is_staff or booked.status == "cancelled":
        raise NotYourDesk
    if not visits.receives(organisation=viewer.organisation, booked=booked):
        raise NotYourDesk
    return as_seen(viewer, booked)


def as_seen(viewer: AccountView, booked: AppointmentView) -> AppointmentView:
    """Return the appointment as the officer may see it: of another office's steps, nothing."""
    if serves_all(viewer, booked):
        return booked
    return replace(booked, legs=tuple(one for one in booked.legs if one.organisation == viewer.organisation))


def counter_visit(*, viewer: AccountView, appointment_id: UUID, on: date) -> CounterVisit:
    """Return the visit as the officer serves it.

    :raises NotYourDesk: if there is none, or it is for another desk.
    """
    booked = booked_at_desk(viewer, appointment_id)
    return CounterVisit(
        appointment=booked,
        name=names_of_persons([booked.person_id]).get(booked.person_id, ""),
        version=visit_version(booked),
        cases=counter_work(viewer, booked, on=on) if booked.ahead else (),
    )


def serves_all(viewer: AccountView, booked: AppointmentView) -> bool:
    """Return whether the officer's office sits at the place: it serves everything a visit is for (R6.1).

    Officers of another office serve what comes to their own, and see nothing of the rest (R3.2).
    """
    return viewer.organisation in visits.centre(code=booked.centre).offices


def visit_version(booked: AppointmentView) -> int:
    """Return the version of all that a visit is for: it grows with every change of the appointment or of any case."""
    versions = Case.objects.filter(application_id__in=booked.application_ids).values_list(
        "version", flat=True
    )
    return booked.version + sum(versions)


def counter_work(viewer: AccountView, booked: AppointmentView, *, on: date) -> tuple[CounterCase, ...]:
    """Return everything of the visit that the officer must finish, across the cases of its applications."""
    cases = open_counter_cases(booked.application_ids)
    if not serves_all(viewer, booked):
        cases = [case for case in cases if viewer.organisation in counter_offices(case)]
    files = case_files(cases, on=on)
    return tuple(_counter_case(case, files[case.id]) for case in cases)


def _counter_case(case: Case, file: CaseFile) -> CounterCase:
    step = open_counter_step(case) or file.definition.steps_of(Mode.COUNTER)[0]
    views, roles = requirement_views(file), {one.role: one.name for one in file.definition.parties}
    return CounterCase(
        id=case.id, application_id=case.application_id, number=case.number,
        service_name=file.definition.name, organisation=step.organisation,
        step_name=step.name, purpose=step.purpose, in_person=step.in_person, accepts=case.state == CaseState.RECEIVED,
        signers=tuple(
            (one.role, one.name)
            for one in party_lines(case.application, file.definition)
            if one.signs == "visit"
        ),
        originals=tuple(
            Shown(one.code, one.name, roles.get(one.party, {}))
            for one in views
            if one.standing in (Standing.AT_VISIT, Standing.PROMISED)
        ),
        copies=tuple(
            Shown(one.code, one.name, roles.get(one.party, {}), copies_waiting(file.settlements[one.code]))
            for one in views
            if copies_waiting(file.settlements[one.code])
        ),
        agents=() if step.in_person else attending_for(case),
    )  # fmt: skip


def attending_for(case: Case) -> tuple[tuple[UUID, str], ...]:
    """Return who may come to the counter in the place of whom the case is for, by account and name (R11.3)."""
    holder = applicant_of(case.application)
    if holder is None:
        return ()
    return agents_of(holder, Deed.ATTEND, services=case.application.services, on=clock.today())


def copies_waiting(one: Settlement) -> tuple[UUID, ...]:
    """Return the copies sent for a requirement that no officer has looked at yet."""
    if one.standing is not Standing.UNCHECKED:
        return ()
    return tuple(item.id for item in one.evidence if item.source is Source.UPLOAD and not item.checked)
