"""One person's visit at the desk: everything it must finish, told case by case and finished in one act."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from portal.clerk.coming_in import desk_page
from portal.clerk.visits import status_words
from portal.clerk.window import ticket_row
from portal.clerk.words import cause_words, document_words, purpose_words
from portal.clerk.work import version_of
from portal.refusals import STATUS, mistakes
from portal.results import papers_of
from portal.words import office_names, said
from services import clock
from services.cases.actions import reading, visiting
from services.cases.actions.visiting import VisitTold
from services.cases.queries import visits as queries
from services.cases.queries.handed_over import results_at_visit
from services.cases.queries.visits import CounterCase, CounterVisit, Shown
from services.catalogue import queries as catalogue
from services.core.refusal import Kind, Refusal
from services.people import queries as people
from services.people.queries import AccountView
from services.visits import queries as appointments
from services.visits.queries import AppointmentView

SEEN = {"seen": True, "not_shown": False}


@require_http_methods(["GET", "POST"])
@desk_page
def visit(request: HttpRequest, viewer: AccountView, appointment_id: UUID) -> HttpResponse:
    """Show one person's visit with all it is for, and finish all of it in one act."""
    found = reading.open_visit(viewer=viewer, appointment_id=appointment_id, now=clock.now())
    refusal = None
    if request.method == "POST":
        try:
            _complete(request.POST, viewer, found)
            return _completed(request, found)
        except Refusal as refused:
            if refused.kind is Kind.MISSING:
                raise
            refusal = refused
            found = queries.counter_visit(viewer=viewer, appointment_id=appointment_id, on=clock.today())
    return _visit_page(request, viewer, found, refusal)


def _completed(request: HttpRequest, found: CounterVisit) -> HttpResponse:
    """Go on with whoever is at a window, whose list may have grown; who came without a ticket leaves with it."""
    if found.appointment.serving:
        messages.success(request, gettext("Done. What can be done next, if anything, is listed below."))
        return redirect("clerk:visit", found.appointment.id)
    messages.success(request, gettext("The visit is complete. Nothing else needs this person to come in."))
    return redirect("clerk:visits")


def _complete(typed: QueryDict, viewer: AccountView, found: CounterVisit) -> None:
    """Complete the visit as the form says; what it does not say is not made up for it."""
    told_of = [one for one in found.cases if not found.appointment.serving or f"outcome:{one.id}" in typed]
    told = VisitTold(
        outcomes={name.partition(":")[2]: typed[name] for name in typed if name.startswith("outcome:")},
        originals_seen={str(one.id): codes for one in told_of if (codes := _seen(typed, one)) is not None},
        copies_checked={str(one.id): typed.getlist(f"copies:{one.id}") for one in told_of},
        agents={str(one.id): who for one in told_of if (who := typed.get(f"came:{one.id}", ""))},
        fault=typed.get("fault", ""),
        note=typed.get("note", "").strip(),
    )
    visiting.complete_visit(
        viewer=viewer,
        appointment_id=found.appointment.id,
        told=told,
        version=version_of(typed),
        now=clock.now(),
    )


def _seen(typed: QueryDict, one: CounterCase) -> Sequence[str] | None:
    """Return the originals of a case that were seen; None unless each was said to be seen or not.

    Of copies that were sent before, those whose original was shown as well.
    """
    answers = {item.code: SEEN.get(_answer(typed, one, item)) for item in one.originals}
    if None in answers.values():
        return None
    of_copies = {item.code: SEEN.get(_answer(typed, one, item)) for item in one.copies}
    return [code for code, seen in (answers | of_copies).items() if seen]


def _answer(typed: QueryDict, one: CounterCase, item: Shown) -> str:
    return typed.get(f"original:{one.id}:{item.code}", "")


def _visit_page(
    request: HttpRequest, viewer: AccountView, found: CounterVisit, refusal: Refusal | None
) -> HttpResponse:
    booked, typed = found.appointment, request.POST
    person, day = people.person(booked.person_id), clock.legal_day(booked.starts_at)
    wrong = mistakes(refusal) if refusal else {}
    work = [_case(one, found, viewer, typed, wrong) for one in found.cases]
    shown = {place for item in work for place in item["places"]} | {"fault"}
    context = {
        "booked": booked,
        "version": found.version,
        "status": status_words(booked.status),
        "person": person,
        "document": document_words(person.document_kind),
        "centre": said(appointments.centre(code=booked.centre).name),
        "work": work,
        "open": booked.ahead and bool(work),
        "ticket": _ticket(booked),
        "results": _results(viewer, booked),
        "causes": cause_words(),
        "today": day == clock.today(),
        "other_day": "" if day == clock.today() else "later" if day > clock.today() else "earlier",
        "note": typed.get("note", ""),
        "faults": _faults(typed.get("fault", "")),
        "errors": [(place if place in shown else "", words) for place, words in wrong.items()],
    }
    return render(request, "desk/visit.html", context, status=STATUS[refusal.kind] if refusal else 200)


def _ticket(booked: AppointmentView) -> dict[str, Any] | None:
    held = appointments.open_ticket_of(appointment_id=booked.id)
    return ticket_row(held) if held else None


def _results(viewer: AccountView, booked: AppointmentView) -> list[dict[str, Any]]:
    """Return what was issued in the cases of the visit, each with the files to print."""
    issued = results_at_visit(viewer=viewer, appointment_id=booked.id, on=clock.today())
    names = catalogue.certificate_names([one.type for one in issued], get_language() or "en")
    return [
        {
            "view": one,
            "name": names[one.type],
            "files": [
                (reverse("clerk:visit_result", args=[booked.id, one.id, code]), code, called)
                for code, called in papers_of(one)
            ],
        }
        for one in issued
    ]


def _case(
    one: CounterCase, found: CounterVisit, viewer: AccountView, typed: QueryDict, wrong: Mapping[str, str]
) -> dict[str, Any]:
    checked = typed.getlist(f"copies:{one.id}")
    places = {name: f"{name}.{one.id}" for name in ("outcomes", "originalsSeen", "copiesChecked")}
    return {
        "case": one,
        "service": said(one.service_name),
        "step": said(one.step_name),
        "office": office_names().get(one.organisation, ""),
        "purpose": purpose_words(one.purpose),
        "signers": [{"role": said(role), "name": name} for role, name in one.signers],
        "originals": [_shown(item) | {"answer": _answer(typed, one, item)} for item in one.originals],
        "copies": [
            _shown(item)
            | {"hrefs": _copies(found, item), "checked": item.code in checked}
            | {"seen": bool(SEEN.get(_answer(typed, one, item)))}
            for item in one.copies
        ],
        "outcome": typed.get(f"outcome:{one.id}", ""),
        "agents": [(str(code), name) for code, name in one.agents],
        "came": typed.get(f"came:{one.id}", ""),
        "href": reverse("clerk:case", args=[one.id]) if one.organisation == viewer.organisation else "",
        "places": places.values(),
        "wrong": {name: wrong.get(place, "") for name, place in places.items()},
    }


def _shown(item: Shown) -> dict[str, Any]:
    return {"code": item.code, "name": said(item.name), "whose": said(item.whose) if item.whose else ""}


def _copies(found: CounterVisit, item: Shown) -> list[str]:
    return [reverse("clerk:visit_copy", args=[found.appointment.id, copy]) for copy in item.copies]


def _faults(chosen: str) -> list[tuple[str, str, bool]]:
    """Return whose mistake may have made the visit necessary: code, words, whether it was chosen."""
    words = {
        "": gettext("Nobody's: the service needs it"),
        "authority": gettext("An office's, a missing notice or a failure of the system"),
        "applicant": gettext("The applicant's own"),
    }
    return [(code, text, code == chosen) for code, text in words.items()]
