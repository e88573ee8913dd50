"""The one visit: the next times as buttons, more by day; moved in two steps, cancelled, kept in one's own calendar."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from portal.words import said
from services import clock
from services.cases.actions import visiting
from services.cases.queries import cards
from services.cases.queries import visits as queries
from services.core.refusal import Kind, Refusal
from services.people.queries import AccountView
from services.visits import queries as appointments
from services.visits.queries import AppointmentView, CentreView, Slot

NEXT = 3
BOOKED = "booked"


@require_http_methods(["GET", "POST"])
@citizen_page
def visit(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Offer times for everything the visit is for; book one, or take another instead."""
    services = _services(viewer, application_id)
    booked, error = _booked(application_id), ""
    if request.method == "POST":
        try:
            _take(viewer, application_id, booked, request.POST.get("slot", ""))
            if booked:
                messages.success(request, gettext("Your visit is moved to the new time."))
            return redirect("citizen:visit", application_id=application_id)
        except Refusal as refusal:
            error = _told(refusal)
    slots = queries.visit_slots(application_id=application_id, now=clock.now())
    context = _offer(slots, _day(request.GET.get("day", ""))) | {
        "application_id": application_id,
        "services": services,
        "visit": booked_visit([booked] if booked else []),
        "moving": "move" in request.GET or "day" in request.GET,
        "errors": [("", error)] if error else [],
    }
    return render(request, "citizen/visit.html", context, status=409 if error else 200)


def _told(refusal: Refusal) -> str:
    """Return what a refusal says on the page of times; whatever is no matter of time goes its own way."""
    if refusal.kind not in (Kind.CONFLICT, Kind.INVALID):
        raise refusal
    return sentence(refusal)


def _take(viewer: AccountView, application_id: UUID, booked: AppointmentView | None, slot_id: str) -> None:
    if booked is None:
        visiting.book_visit(viewer=viewer, application_id=application_id, slot_id=slot_id, now=clock.now())
        return
    visiting.move_visit(
        viewer=viewer,
        application_id=application_id,
        appointment_id=booked.id,
        slot_id=slot_id,
        now=clock.now(),
    )


def _services(viewer: AccountView, application_id: UUID) -> list[str]:
    """Return what the visit is for; whoever may not see the application finds nothing here."""
    filed = cards.cases_of_application(viewer=viewer, application_id=application_id)
    if not filed:
        raise Http404
    return [said(one.name) for one in filed if "applicant:visit" in one.waits_for] or [
        said(one.name) for one in filed
    ]


def _booked(application_id: UUID) -> AppointmentView | None:
    views = appointments.appointments_of(application_ids=[application_id])
    return next((one for one in views if one.status == BOOKED), None)


def _offer(slots: Sequence[Slot], chosen: date | None) -> dict[str, object]:
    """Return the next three times, the days that have any, and the times of the day that was chosen."""
    centres = {one.code: one for one in appointments.centres()}
    by_day = {
        day: list(of_day) for day, of_day in groupby(slots, key=lambda one: clock.legal_day(one.starts_at))
    }
    times = [_slot(one, centres) for one in by_day.get(chosen, ())] if chosen else []
    return {
        "next": [_slot(one, centres) for one in _spread(slots)],
        "days": [
            {"day": day, "count": len(of_day), "chosen": day == chosen} for day, of_day in by_day.items()
        ],
        "day": chosen,
        "at_centres": [
            (name, list(group))
            for name, group in groupby(
                sorted(times, key=lambda one: one["centre"]), key=lambda one: one["centre"]
            )
        ],
    }


def _spread(slots: Sequence[Slot]) -> list[Slot]:
    """Return the next times, no two of them at the same moment."""
    found: dict[object, Slot] = {}
    for one in slots:
        found.setdefault(one.starts_at, one)
        if len(found) == NEXT:
            break
    return list(found.values())


def _slot(one: Slot, centres: dict[str, CentreView]) -> dict[str, object]:
    centre = centres[one.centre]
    return {
        "id": one.id,
        "starts_at": one.starts_at,
        "centre": said(centre.name),
        "address": said(centre.address),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def booked_visit(views: Sequence[AppointmentView]) -> dict[str, object] | None:
    """Return the visit that is booked, with the address; none if there is none."""
    booked = next((one for one in views if one.status == BOOKED), None)
    if booked is None:
        return None
    centre = next((one for one in appointments.centres() if one.code == booked.centre), None)
    return {
        "starts_at": booked.starts_at,
        "ends_at": booked.ends_at,
        "centre": said(centre.name) if centre else booked.centre,
        "address": said(centre.address) if centre else "",
        "phone": centre.phone if centre else "",
    }


@require_http_methods(["GET", "POST"])
@citizen_page
def cancel(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Ask once more, then give the time back."""
    services = _services(viewer, application_id)
    booked = _booked(application_id)
    if booked is None:
        return redirect("citizen:visit", application_id=application_id)
    if request.method == "POST":
        visiting.cancel_visit(
            viewer=viewer, application_id=application_id, appointment_id=booked.id, now=clock.now()
        )
        messages.success(request, gettext("The time is given back. Book another one when you can."))
        return redirect("citizen:visit", application_id=application_id)
    context = {"application_id": application_id, "services": services, "visit": booked_visit([booked])}
    return render(request, "citizen/cancel_visit.html", context)


@require_safe
@citizen_page
def calendar(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Return the visit for the visitor's own calendar."""
    services = _services(viewer, application_id)
    booked = _booked(application_id)
    shown = booked_visit([booked]) if booked else None
    if booked is None or shown is None:
        raise Http404
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OneVisit//EN", "BEGIN:VEVENT", f"UID:{booked.id}",
        f"DTSTAMP:{_stamp(timezone.now())}", f"DTSTART:{_stamp(booked.starts_at)}", f"DTEND:{_stamp(booked.ends_at)}",
        f"SUMMARY:{_escaped(', '.join(services))}", "LOCATION:" + _escaped(f"{shown['centre']}, {shown['address']}"),
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return HttpResponse("\r\n".join(lines), content_type="text/calendar; charset=utf-8")


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
