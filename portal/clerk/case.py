"""One page a case: first what is asked of this officer, then everything that is known."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from portal.clerk.coming_in import desk_page
from portal.clerk.panels import Refused, limits_panel, panel
from portal.clerk.papers import dispute_lines, evidence_lines, paper_lines
from portal.clerk.words import (
    document_words,
    event_line,
    filed_words,
    kind_words,
    noted_words,
    outcome_words,
    read_row,
    state_words,
)
from portal.story import for_both
from portal.words import day, office_names, said
from services import clock
from services.cases.actions import reading
from services.cases.queries import one_notice
from services.cases.queries.at_desk import CaseAtDesk
from services.cases.queries.cases import CaseView, StepView
from services.cases.queries.casework import CaseSheet, NoteView, WhoView
from services.notices import queries as notices
from services.people.queries import AccountView


@require_safe
@desk_page
def case(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Show the case; that this officer read it is kept for the person it is about."""
    return _page(request, viewer, reading.open_case(viewer=viewer, case_id=case_id, now=clock.now()))


def case_page(request: HttpRequest, viewer: AccountView, case_id: UUID, refused: Refused) -> HttpResponse:
    """Return the case's page after a refusal, with everything that was typed still in it."""
    return _page(request, viewer, reading.open_case(viewer=viewer, case_id=case_id, now=clock.now()), refused)


def _page(
    request: HttpRequest, viewer: AccountView, found: CaseAtDesk, refused: Refused | None = None
) -> HttpResponse:
    offices, contested = office_names(), [said(one.name) for one in found.disputes]
    panels = [
        panel(one, found.view, found.sheet, viewer, refused) | {"disputed": contested} for one in found.tasks
    ]
    orphaned = refused is not None and refused.task_id not in {one.id for one in found.tasks}
    context = {
        **_head(found.view, found.sheet, offices),
        **_known(found, offices, leads=viewer.organisation == found.view.card.organisation),
        "viewer": viewer,
        "panels": panels,
        **_noted(viewer, found),
        "limits": limits_panel(found.view, viewer),
        "errors": list(refused.errors.items()) if refused else [],
        "kept": _kept(refused) if refused and orphaned else [],
    }
    return render(request, "desk/case.html", context, status=refused.status if refused else 200)


def _kept(refused: Refused) -> list[str]:
    """Return what was typed for a task that is gone, so that nothing typed is lost."""
    return [text for name in ("note", "reason", "explanation") if (text := refused.typed.get(name, ""))]


def _noted(viewer: AccountView, case: CaseAtDesk) -> dict[str, Any]:
    """Return what the office noted to be missing, and when the applicant is asked (R7.9)."""
    found = one_notice.noted(viewer=viewer, case_id=case.view.card.id) if case.noted else None
    items = [said(one) for one in found.items] if found else []
    return {"noted": items, "noted_words": noted_words(found) if found else ""}


def _head(view: CaseView, sheet: CaseSheet, offices: Mapping[str, str]) -> dict[str, Any]:
    return {
        "view": view,
        "title": said(view.card.name),
        "state": state_words(view.card),
        "clock": sheet.clock,
        "office": offices.get(view.card.organisation, view.card.organisation),
        "who": sheet.who,
        "document": document_words(sheet.who.person.document_kind) if sheet.who.person else "",
        "filed": filed_words(sheet.who.filed_by),
        "both": _both(sheet.who),
        "assisted": offices.get(view.assisted_by, ""),
        "parties": [
            {"role": said(one.role), "name": one.name, "signs": one.signs, "signed_at": one.signed_at}
            for one in sheet.who.parties
        ],
        "stages": [_stage(one, offices) for one in view.steps],
    }


def _both(who: WhoView) -> str:
    """Return which agent filed for whom, by both names (R11.2)."""
    applicant = who.business or (who.person.name if who.person else "")
    return for_both(who.account, applicant) if who.filed_by == "agent" else ""


def _known(found: CaseAtDesk, offices: Mapping[str, str], *, leads: bool) -> dict[str, Any]:
    view, sheet = found.view, found.sheet
    return {
        "answers": [
            read_row(one.fact, one.value, source=gettext("from evidence") if one.proved else "")
            for one in found.answers
        ],
        "disputes": dispute_lines(view, found.disputes, offices),
        "evidence": evidence_lines(view, found.settlements, offices, leads=leads),
        "papers": paper_lines(view, sheet.papers),
        "conditions": [said(one) for one in view.open_conditions.values()],
        "notes": [_note(one, offices) for one in sheet.notes if one.note or one.second],
        "timeline": [event_line(view, one, offices) for one in found.events],
        "letters": notices.letters_of(view.card.id, language=get_language() or "en"),
    }


_STATES = {"ended": "done", "open": "now", "waiting": "next", "skipped": "skipped"}


def _stage(one: StepView, offices: Mapping[str, str]) -> dict[str, Any]:
    state = _STATES[one.status]
    step = {
        "name": said(one.name),
        "organisation": offices.get(one.organisation, ""),
        "state": state,
        "note": _step_note(one),
    }
    return {"state": "next" if state == "skipped" else state, "steps": [step]}


def _step_note(one: StepView) -> str:
    if one.status == "skipped":
        return gettext("not needed")
    if one.status == "ended" and one.since:
        outcome, _ = outcome_words(one.outcome)
        return f"{outcome}, {day(one.since)}" if one.outcome != "done" else day(one.since)
    return gettext("by %(day)s") % {"day": day(one.until)} if one.status == "open" and one.until else ""


def _note(one: NoteView, offices: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": said(one.step_name) or kind_words(one.kind),
        "by": ", ".join(name for name in (one.by, one.second) if name),
        "office": offices.get(one.organisation, ""),
        "at": one.at,
        "note": one.note,
    }


def case_url(case_id: UUID) -> str:
    """Return the address of a case's page."""
    return reverse("clerk:case", args=[case_id])
