"""A case as an officer opens it: the record, its file and its people, each read once for everything on the page."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.cases.models import Case, Task
from services.cases.queries import cases, desk
from services.cases.queries.casefiles import case_files
from services.cases.queries.cases import AnswerView, CaseView, EventView
from services.cases.queries.casework import CaseSheet, case_sheet, named_in
from services.cases.queries.desk import Look, TaskCard
from services.cases.queries.drafts import EvidenceView, RequirementView
from services.cases.queries.settlements import SettlementView, settlements_in
from services.core.casefile import CaseFile
from services.core.facts import Texts
from services.evidence import queries as evidence
from services.evidence.queries import DisputeView
from services.ledger import queries as ledger
from services.people.queries import AccountView, names_of


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """What the applicant says is wrong, and what they gave instead for the same requirement (R3.15)."""

    said: DisputeView
    name: Texts = field(hash=False)
    instead: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class CaseAtDesk:
    """Everything that the page of a case shows an officer; `tasks` are the open ones of the officer's office.

    `noted`: something was found missing that the applicant is asked for with what other offices find (R7.9).
    """

    view: CaseView
    sheet: CaseSheet
    tasks: tuple[TaskCard, ...]
    answers: tuple[AnswerView, ...]
    events: tuple[EventView, ...]
    disputes: tuple[DisputeLine, ...]
    settlements: tuple[SettlementView, ...]
    noted: bool


def read_case(case: Case, viewer: AccountView, *, on: date) -> CaseAtDesk:
    """Return a case that has been read whole, with its file and all names read once."""
    file = case_files([case], on=on, whole=True)[case.id]
    tasks = list(Task.objects.filter(case=case).order_by("due_on", "id"))
    entries = ledger.entries_of(case.id)
    said = [
        one for one in evidence.disputes(application_id=case.application_id)
        if one.type in file.definition.evidence_types
    ]  # fmt: skip
    actors = {one.actor_id for one in entries if one.actor_id}
    names = names_of(actors | named_in(case, tasks) | cases.signers(case) | _claimers(tasks))
    view = cases.case_view(case, file, names)
    return CaseAtDesk(
        view=view,
        sheet=case_sheet(case, file, _ended(tasks), names),
        tasks=_open(tasks, case, Look(viewer, on, names, {case.application_id: {one.type for one in said}})),
        answers=cases.answers_in(file, case.application.answers),
        events=cases.event_views(entries, names, cases.agents_in(case, entries)),
        disputes=tuple(_dispute(one, file, view.requirements) for one in said),
        settlements=settlements_in(case, file, viewer).settlements,
        noted=bool(file.noted),
    )


def _claimers(tasks: Collection[Task]) -> set[UUID]:
    return {task.claimed_by_id for task in tasks if task.claimed_by_id}


def _ended(tasks: Collection[Task]) -> list[Task]:
    """Return the tasks that people have ended, the last first; what events overtook has no author."""
    ended = [task for task in tasks if task.closed_by_id is not None]
    return sorted(ended, key=lambda task: (task.closed_at, task.id), reverse=True)


def _open(tasks: Collection[Task], case: Case, look: Look) -> tuple[TaskCard, ...]:
    cards = []
    for task in tasks:
        if task.closed_at is None and task.organisation == look.viewer.organisation:
            task.case = case
            cards.append(desk.task_card(task, look))
    return tuple(cards)


def _dispute(said: DisputeView, file: CaseFile, requirements: Collection[RequirementView]) -> DisputeLine:
    """Return the dispute with what now stands where the disputed evidence would have."""
    wanted = {
        one.code for one in file.definition.requirements
        if any(said.type in entry for entry in one.any_of)
    }  # fmt: skip
    given = {
        item.id: item for one in requirements if one.code in wanted for item in one.evidence
        if item.id != said.evidence_id
    }  # fmt: skip
    return DisputeLine(said, file.definition.evidence_types[said.type].name, tuple(given.values()))
