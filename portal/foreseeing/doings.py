"""What others do for a case while it waits: offices, the courier, and the applicant's own part; each in their time."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from portal.foreseeing.offices import Steps
from portal.foreseeing.papers import missing_in
from portal.foreseeing.time import DAY
from services.core import acts
from services.core.casefile import CaseFile, Concern, StepOutcome
from services.core.definitions import Mode, Step
from services.core.refusal import Refusal
from services.core.states import CaseState, Role

if TYPE_CHECKING:
    from portal.foreseeing.life import Life

NOON = 12 * 60


def awaited(life: "Life") -> Iterator[tuple[tuple[str, str], Steps]]:
    """Yield whom the case waits for, by a name of its own, with what they do; who is awaited at a counter is called."""
    case = life.case
    if case.state is CaseState.CORRECTION_REQUESTED:
        yield ("correction", ""), _corrects(life)
    if case.state is CaseState.RECEIVED and case.acceptance_due is not None and not case.noted:
        yield ("acceptance", ""), _accepts(life, case.acceptance_due)
    if case.concern is not None:
        yield ("concern", ""), _looks_into(life, case.concern)
    if case.fee_due and case.fee_asked_on is not None:
        yield ("fee", ""), _pays(life)
    for code, record in case.steps.items():
        step = case.definition.step[code]
        if record.outcome is StepOutcome.OPEN and step.mode is Mode.COUNTER:
            life.application.call_in()
        elif record.outcome is StepOutcome.OPEN and step.mode is not Mode.AUTO:
            yield ("step", code), _ends_step(life, step, record.until or case.on)


def _office(life: "Life", organisation: str, task: str, due: date) -> Steps:
    """An officer of the organisation works on the case."""
    world = life.world
    minutes = world.prefecture.offices.minutes[task] * life.chance.gammavariate(3, 1 / 3)
    yield from world.office(organisation).do(minutes, world.time.midnight(due))
    life.look()


def _corrects(life: "Life") -> Steps:
    """The applicant hands in what the one notice asked for."""
    days = life.world.prefecture.people.answer_days
    yield life.world.env.timeout(life.chance.expovariate(1) * days * DAY)
    life.look()
    if life.application.is_silent or life.case.state is not CaseState.CORRECTION_REQUESTED:
        return
    life.application.correct(life)
    life.case = acts.answer_correction(life.case)


def _accepts(life: "Life", due: date) -> Steps:
    """The lead office accepts, or asks once for everything that is missing or wrong, with others (R2.4, R7.9)."""
    yield from _office(life, life.definition.organisation, "acceptance", due)
    case = life.case
    if case.state is not CaseState.RECEIVED:
        return
    missing = missing_in(case)
    wrong = [one.requirement for one in case.unsettled if life.application.is_flawed(life, one)]
    if case.correction is None and not case.notice_out and (missing or wrong):
        if case.together:
            life.application.note(life, wrong)
            return
        law = life.world.law
        until = law.working_days(case.on, law.profile.correction_days)
        items = [*missing, *wrong]
        life.case = acts.request_correction(case, items=items, due_on=until, role=Role.CLERK)
    else:
        life.application.check_copies(life)
        life.case = acts.accept(life.case, role=Role.CLERK)


def _looks_into(life: "Life", concern: Concern) -> Steps:
    """The lead office lets the case go on, or refuses it; the machine never does (R15.8)."""
    law = life.world.law
    due = law.working_days(life.case.on, law.profile.concern_days)
    yield from _office(life, life.definition.organisation, "concern", due)
    if life.case.concern is None or life.case.ended:
        return
    life.application.check_copies(life)
    refuses = concern is Concern.OBJECTION and life.chance.random() < life.world.prefecture.offices.refused
    try:
        found = _found(life) if life.case.concern is Concern.UNKNOWN else {}
        let_pass = None if refuses else acts.let_pass(life.case, determined=found)
    except Refusal:
        let_pass = None
    life.case = let_pass or acts.refuse(life.case, role=Role.REVIEWER)


def _found(life: "Life") -> dict[str, bool]:
    """Return what an officer finds of what nobody could tell: what is true of the applicant, and otherwise no."""
    whole = CaseFile(life.definition, life.case.on, life.case.on, facts=life.applicant.truth)
    return {code: whole.truths[code] is True for code, truth in life.case.truths.items() if truth is None}


def _ends_step(life: "Life", step: Step, due: date) -> Steps:
    """An office ends its step, for or against; or the courier arrives."""
    if step.mode is Mode.DELIVER:
        yield from _courier(life)
    else:
        yield from _office(life, step.organisation, step.mode.value, due)
    if life.case.ended or not life.case.is_open(step):
        return
    if step.mode is Mode.INSPECTION:
        life.application.show(life)
    life.application.check_copies(life)
    looks = step.mode in (Mode.REVIEW, Mode.INSPECTION)
    against = looks and life.chance.random() < life.world.prefecture.offices.against
    outcome = StepOutcome.AGAINST if against else StepOutcome.DONE
    life.case = acts.end_step(life.case, step=step.code, outcome=outcome)


def _courier(life: "Life") -> Steps:
    world = life.world
    arrives = world.law.working_days(world.today, world.prefecture.offices.fetch_days)
    yield world.env.timeout(
        world.time.midnight(arrives) + NOON - world.env.now + DAY * (arrives == world.today)
    )
    life.look()


def _pays(life: "Life") -> Steps:
    """The applicant pays; or never does, and the calendar ends the case."""
    people = life.world.prefecture.people
    yield life.world.env.timeout(life.chance.expovariate(1) * people.pay_hours * 60)
    if life.application.is_silent or life.chance.random() < people.unpaid:
        yield life.ends
    elif not life.case.ended:
        life.look()
        life.case = acts.pay(life.case)
