"""The visits of a day at a centre, and one page for each person: everything their one visit must finish."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.clerk.words import document_words, purpose_words
from portal.refusals import STATUS, mistakes
from portal.words import office_names, said
from services import clock
from services.cases.actions import reading, visiting
from services.cases.queries import desk
from services.cases.queries import visits as queries
from services.cases.queries.desk import Arrival
from services.cases.queries.visits import CounterCase
from services.core.refusal import Kind, Refusal
from services.people import queries as people
from services.people.queries import AccountView
from services.visits import queries as appointments
from services.visits.queries import AppointmentView

# Where the officer sits today; it stays for the session.
CENTRE = "desk-centre"


@require_safe
@desk_page
def visits(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List who is expected at the centre on the day, and who has come."""
    centres = [(one.code, said(one.name)) for one in appointments.centres() if one.is_open]
    chosen, day = request.session.get(CENTRE, ""), _day(request.GET.get("day", ""))
    found = desk.arrivals(viewer=viewer, centre=chosen, day=day) if chosen else ()
    context = {
        "centres": centres,
        "chosen": chosen,
        "centre": dict(centres).get(chosen, ""),
        "day": day,
        "today": day == clock.today(),
        "before_url": _day_url(day - timedelta(days=1)),
        "after_url": _day_url(day + timedelta(days=1)),
        "arrivals": [_arrival(one) for one in found],
        "expected": sum(one.appointment.status == "booked" for one in found),
    }
    return render(request, "desk/visits.html", context)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    # The pages of the day before and the day after are linked from this one.
    return day if date.min < day < date.max else clock.today()


def _day_url(day: date) -> str:
    return f"{reverse('clerk:visits')}?day={day.isoformat()}"


def _arrival(one: Arrival) -> dict[str, Any]:
    return {
        "appointment": one.appointment,
        "name": one.name,
        "services": [said(name) for _, _, name in one.cases],
        "windows": sorted({leg.window for leg in one.appointment.legs}),
        "status": _status_words(one.appointment.status),
    }


def _status_words(status: str) -> tuple[str, str]:
    return {
        "booked": (gettext("Expected"), "wait"),
        "kept": (gettext("Has come"), "good"),
        "missed": (gettext("Did not come"), "bad"),
        "cancelled": (gettext("Cancelled"), ""),
    }[status]


@require_POST
@desk_page
def choose_centre(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Remember at which centre this officer sits."""
    chosen = request.POST.get("centre", "")
    if chosen in {one.code for one in appointments.centres() if one.is_open}:
        request.session[CENTRE] = chosen
    return redirect("clerk:visits")


@require_http_methods(["GET", "POST"])
@desk_page
def visit(request: HttpRequest, viewer: AccountView, appointment_id: UUID) -> HttpResponse:
    """Show one person's visit with all it is for, and finish all of it in one act."""
    booked = appointments.appointment(appointment_id=appointment_id)
    if booked is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            _complete(request.POST, viewer, appointment_id)
            messages.success(
                request, gettext("The visit is complete. Nothing else needs this person to come in.")
            )
            return redirect("clerk:visits")
        except Refusal as refused:
            if refused.kind is Kind.MISSING:
                raise
            refusal = refused
    reading.note_arrival_reading(viewer=viewer, appointment_id=appointment_id, now=clock.now())
    return _visit_page(request, viewer, booked, refusal)


def _complete(typed: QueryDict, viewer: AccountView, appointment_id: UUID) -> None:
    """Complete the visit as the form says: per case how it went, and which originals were seen."""
    outcomes = {_uuid(name): typed[name] for name in typed if name.startswith("outcome:")}
    visiting.complete_visit(
        viewer=viewer,
        appointment_id=appointment_id,
        failed=[case_id for case_id, outcome in outcomes.items() if outcome == "failed"],
        originals_seen={case_id: typed.getlist(f"originals:{case_id}") for case_id in outcomes},
        note=typed.get("note", "").strip(),
        now=clock.now(),
    )


def _uuid(name: str) -> UUID:
    try:
        return UUID(name.partition(":")[2])
    except ValueError as error:
        raise Http404 from error


def _visit_page(
    request: HttpRequest, viewer: AccountView, booked: AppointmentView, refusal: Refusal | None
) -> HttpResponse:
    person = people.person(booked.person_id)
    centre = next((one for one in appointments.centres() if one.code == booked.centre), None)
    work = queries.counter_work(booked.application_id, on=clock.today())
    context = {
        "booked": booked,
        "status": _status_words(booked.status),
        "person": person,
        "document": document_words(person.document_kind),
        "centre": said(centre.name) if centre else booked.centre,
        "work": [_case(one, viewer, request.POST, office_names()) for one in work],
        "open": booked.status == "booked" and bool(work),
        "note": request.POST.get("note", ""),
        "errors": list(mistakes(refusal).items()) if refusal else [],
    }
    return render(request, "desk/visit.html", context, status=STATUS[refusal.kind] if refusal else 200)


def _case(
    one: CounterCase, viewer: AccountView, typed: QueryDict, offices: Mapping[str, str]
) -> dict[str, Any]:
    seen = typed.getlist(f"originals:{one.id}")
    return {
        "case": one,
        "service": said(one.service_name),
        "step": said(one.step_name),
        "office": offices.get(one.organisation, ""),
        "purpose": purpose_words(one.purpose),
        "signers": [{"role": said(role), "name": name} for role, name in one.signers],
        "originals": [(code, said(name), said(whose), code in seen) for code, name, whose in one.originals],
        "outcome": typed.get(f"outcome:{one.id}", ""),
        "href": reverse("clerk:case", args=[one.id]) if one.organisation == viewer.organisation else "",
    }
