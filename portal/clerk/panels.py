"""What is asked of the officer, one panel a task: its question, its form, and who has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from portal.clerk.commitment_panel import check_panel
from portal.clerk.words import concern_words, kind_words, outcome_words
from portal.words import said
from services.cases.queries import casework
from services.cases.queries.cases import CaseView
from services.cases.queries.casework import CaseSheet
from services.cases.queries.desk import TaskCard
from services.cases.queries.drafts import RequirementView
from services.catalogue import queries as catalogue
from services.core.casefile import OBJECTIONS, StepOutcome
from services.core.evidence import Source, Standing
from services.core.states import UNDER_WAY, CaseState, Role, may_move
from services.people import queries as people
from services.people.queries import AccountView

Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that was refused: at which task, what was typed, and what is wrong, by field."""

    task_id: UUID
    typed: Mapping[str, Any] = field(repr=False)
    errors: Mapping[str, str]
    status: int


def panel(
    task: TaskCard, view: CaseView, sheet: CaseSheet, viewer: AccountView, refused: Refused | None
) -> Panel:
    """Return the panel of a task, with what was typed and what was wrong with it, if this one was refused."""
    here = refused if refused is not None and refused.task_id == task.id else None
    return {
        "task": task,
        "kind": kind_words(task.kind),
        "step": said(task.step_name),
        "template": f"desk/tasks/{_template(task, view)}.html",
        "hands": _hands(task, viewer),
        "may": viewer.role in _MAY.get(task.kind, _ANY),
        "typed": here.typed if here else {},
        "errors": here.errors if here else {},
        **_OF_KIND.get(task.kind, _nothing)(view, sheet, viewer),
        **(check_panel(viewer, view.card.id, task.step) if task.kind == "check" else {}),
    }


def _template(task: TaskCard, view: CaseView) -> str:
    return "promise" if task.kind == "concern" and view.concern == "promise" else task.kind


_ANY = frozenset({Role.CLERK, Role.REVIEWER, Role.SUPERVISOR})
_DECIDES = frozenset({Role.REVIEWER, Role.SUPERVISOR})
# Whom to show a form: the house checks it again, and says so in words.
_MAY: Mapping[str, frozenset[Role]] = {
    "decision": _DECIDES,
    "concern": _DECIDES,
    "check": _DECIDES,
    "second_visit": frozenset({Role.SUPERVISOR}),
}


def _hands(task: TaskCard, viewer: AccountView) -> str:
    if task.mine:
        return "mine"
    return "colleague" if task.claimed_by else "nobody"


def _nothing(view: CaseView, sheet: CaseSheet, viewer: AccountView) -> Panel:
    return {}


def _acceptance(view: CaseView, sheet: CaseSheet, viewer: AccountView) -> Panel:
    wanted = casework.wanting(view)
    return {
        "missing": [said(one.name) for one in wanted if not one.copy_sent],
        "copies": [said(one.name) for one in wanted if one.copy_sent],
        "asked_before": view.correction is not None or view.notice_out,
    }


def _inspection(view: CaseView, sheet: CaseSheet, viewer: AccountView) -> Panel:
    colleagues = [one for one in people.officers_of(viewer.organisation) if one.id != viewer.id]
    shown = (Standing.AT_VISIT, Standing.PROMISED)
    originals = [one for one in view.requirements if one.standing in shown or _is_copy(one)]
    return {
        "colleagues": [(str(one.id), one.display_name) for one in colleagues],
        "originals": [(one.code, said(one.name)) for one in originals],
    }


def _is_copy(one: RequirementView) -> bool:
    """Return whether the applicant's own copy stands for it, so that its original may be seen now (R3.17)."""
    return any(item.source is Source.UPLOAD for item in one.evidence)


def _concern(view: CaseView, sheet: CaseSheet, viewer: AccountView) -> Panel:
    """Return what held the case up: steps that ended against it, what could not be told, what is missing."""
    against = [one for one in view.steps if one.outcome in OBJECTIONS]
    lacking = [one for one in view.requirements if one.standing in (Standing.OPEN, Standing.FETCHING)]
    unknown = [(code, said(text)) for code, text in view.open_conditions.items()]
    return {
        "cause": concern_words(view.concern),
        "against": [
            {
                "name": said(one.name),
                "outcome": outcome_words(one.outcome),
                "check": _check(view, one.code),
                "notes": _notes(sheet, one.name),
            }
            for one in against
        ],
        "lacking": [said(one.name) for one in lacking] if view.concern == "missing" else [],
        "unknown": unknown if view.concern == "unknown" else [],
        "promised": (promised := [one for one in view.requirements if one.promised_until]),
        "promised_names": [said(one.name) for one in promised],
        "only_refusal": any(one.outcome == StepOutcome.FAILED for one in against),
    }


def _check(view: CaseView, step: str) -> str:
    """Return what an automatic check looks for; nothing for the work of people."""
    definition = catalogue.definition(view.version_id)
    check = definition.step[step].check
    return said(definition.conditions[check].says) if check else ""


def _notes(sheet: CaseSheet, step_name: Mapping[str, str]) -> list[str]:
    return [
        gettext("%(name)s: %(note)s") % {"name": one.by, "note": one.note}
        for one in sheet.notes
        if one.step_name == step_name and one.note
    ]


def _counter(view: CaseView, sheet: CaseSheet, viewer: AccountView) -> Panel:
    booked = [one for one in view.appointments if one.status == "booked"]
    return {"booked": booked[0] if booked else None}


def limits_panel(view: CaseView, viewer: AccountView) -> Panel:
    """Return the panel of time that does not count: the pauses, the extension, and what this officer can do now."""
    state, leads = CaseState(view.card.state), viewer.organisation == view.card.organisation
    return {
        "pauses": [{"one": one, "kind": said(one.kind_name)} for one in view.pauses],
        "may_pause": leads and may_move(state, CaseState.PAUSED, viewer.role),
        "may_resume": leads
        and state is CaseState.PAUSED
        and may_move(state, CaseState.IN_REVIEW, viewer.role),
        "may_extend": leads
        and viewer.role is Role.SUPERVISOR
        and state in UNDER_WAY
        and view.extension is None
        and view.clock.accepted_on is not None,
    }


_OF_KIND = {
    "acceptance": _acceptance,
    "inspection": _inspection,
    "concern": _concern,
    "counter": _counter,
}
