"""The way an application will go, before it is filed: which offices, how many days, whether anybody has to come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from services import clock
from services.cases.queries.casefiles import draft_files
from services.cases.queries.drafts import RequirementView, check_applicant, definitions_of, requirement_views
from services.cases.queries.visibility import application_for
from services.core.casefile import CaseFile
from services.core.conditions import Truth
from services.core.definitions import Mode, Step
from services.core.evidence import Source, Standing
from services.core.facts import Texts
from services.people.queries import AccountView

_OURS = (Source.ISSUED, Source.EARLIER, Source.REGISTRY)
_NOTHING: Texts = {}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of the route; `takes_place` is None while an answer that decides it is missing."""

    code: str
    name: Texts = field(hash=False)
    organisation: str
    mode: str
    days: int
    when: Texts = field(hash=False)
    takes_place: Truth


@dataclass(frozen=True, slots=True)
class Plan:
    """The way one service will go: `fetched` is obtained by us, `asked` of the applicant."""

    service: str
    name: Texts = field(hash=False)
    visit: Truth
    promised_days: int
    statutory_days: int
    steps: tuple[PlannedStep, ...]
    fetched: tuple[RequirementView, ...]
    asked: tuple[RequirementView, ...]
    shown_at_visit: tuple[RequirementView, ...]


def plans(*, viewer: AccountView, application_id: UUID) -> tuple[Plan, ...]:
    """Return the way each service of the application will go, as far as its answers tell today.

    :raises NoSuchApplication: if there is none, or it is somebody else's.
    """
    application = application_for(viewer, application_id)
    check_applicant(viewer, application)
    on = clock.today()
    return tuple(_plan(one) for one in draft_files(application, definitions_of(application), on=on))


def _plan(file: CaseFile) -> Plan:
    wanted = requirement_views(file)
    at_visit = tuple(one for one in wanted if one.standing is Standing.AT_VISIT)
    fetched = tuple(one for one in wanted if _is_fetched(one))
    return Plan(
        service=file.definition.code,
        name=file.definition.name,
        visit=_any(file.active[step.code] for step in file.definition.steps_of(Mode.COUNTER)),
        promised_days=file.definition.promised,
        statutory_days=file.definition.statutory,
        steps=tuple(_step(file, step) for step in file.definition.steps),
        fetched=fetched,
        asked=tuple(one for one in wanted if one not in fetched and one not in at_visit),
        shown_at_visit=at_visit,
    )


def _is_fetched(one: RequirementView) -> bool:
    return one.standing is Standing.FETCHING or any(item.source in _OURS for item in one.evidence)


def _any(truths: Iterable[Truth]) -> Truth:
    """Return true if one is true, false if all are false, else unknown."""
    known = list(truths)
    if True in known:
        return True
    return None if None in known else False


def _step(file: CaseFile, step: Step) -> PlannedStep:
    return PlannedStep(
        code=step.code,
        name=step.name,
        organisation=step.organisation,
        mode=step.mode,
        days=step.days,
        when=file.definition.conditions[step.when].says if step.when else _NOTHING,
        takes_place=file.active[step.code],
    )
