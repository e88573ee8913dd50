"""The one visit: the next times as buttons, more by day; moved in two steps, cancelled, kept in one's own calendar."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.review import party_lines
from portal.refusals import sentence
from portal.ticket_words import number_words, state_words, wait_words
from portal.words import said
from services import clock
from services.cases.actions import visiting
from services.cases.queries import calls, cards, drafts
from services.cases.queries import visits as queries
from services.cases.queries.calls import JointVisit
from services.core.refusal import Kind, Refusal
from services.core.waiting import VISIT_WAIT
from services.people.queries import AccountView
from services.visits import queries as appointments
from services.visits.queries import AppointmentView, CentreView, Slot

BOOKED = "booked"
REASONS = {
    "earliest": _("The earliest"),
    "nearest": _("The nearest"),
    "least_waiting": _("The least waiting"),
}


@require_http_methods(["GET", "POST"])
@citizen_page
def visit(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Offer times for everything the visit is for; book one, or take another instead."""
    found = cards.cases_of_application(viewer=viewer, application_id=application_id)
    if not found:
        raise Http404
    booked, error = booked_appointment(viewer, application_id), ""
    if request.method == "POST":
        try:
            _take(viewer, application_id, booked, request.POST.get("slot", ""))
            if booked:
                messages.success(request, gettext("Your visit is moved to the new time."))
            return redirect("citizen:visit", application_id=application_id)
        except Refusal as refusal:
            error = _told(refusal)
    joint = calls.joint_visit(application_id, now=clock.now(), viewer=viewer)
    context = _offer(joint, _near(request), _day(request.GET.get("day", ""))) | {
        "application_id": application_id,
        "services": _services(viewer, application_id, booked, joint),
        "come_along": _come_along(viewer, application_id),
        "visit": booked_visit([booked] if booked else []),
        "arrival": _arrival(request, viewer, application_id, booked),
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


def _services(
    viewer: AccountView, application_id: UUID, booked: AppointmentView | None, joint: JointVisit | None = None
) -> list[str]:
    """Return what the visit is for, in all the applications it serves."""
    served = booked or joint
    ids = served.application_ids if served else (application_id,)
    filed = [one for code in ids for one in cards.cases_of_application(viewer=viewer, application_id=code)]
    awaited = [one for one in filed if VISIT_WAIT in one.waits_for]
    return [said(one.name) for one in awaited or filed]


def _come_along(viewer: AccountView, application_id: UUID) -> list[dict[str, str]]:
    """Return who else signs at the visit, and so has to come to it."""
    parties = party_lines(drafts.draft(viewer=viewer, application_id=application_id))
    return [one for one in parties if one["signs"] == "visit"]


def booked_appointment(viewer: AccountView, application_id: UUID) -> AppointmentView | None:
    """Return what is booked; whoever may not see the application finds nothing here."""
    views = queries.appointments_for(viewer=viewer, application_id=application_id)
    return next((one for one in views if one.status == BOOKED), None)


def _arrival(
    request: HttpRequest, viewer: AccountView, application_id: UUID, booked: AppointmentView | None
) -> dict[str, object]:
    """Return what is shown at the reception, and once there, the ticket with about how long it takes."""
    held = _ticket(viewer, application_id)
    found: dict[str, object] = {"ticket": held}
    if booked is not None:
        code = appointments.booking_code(booked.id)
        address = f"{reverse('clerk:reception')}?code={code}"
        image = segno.make(request.build_absolute_uri(address), error="m").svg_data_uri(border=2)
        found |= {"code": f"{code[:4]} {code[4:]}", "image": image}
    return found


def _ticket(viewer: AccountView, application_id: UUID) -> dict[str, object] | None:
    """Return the ticket of whoever is at a centre now for this application."""
    for one in queries.appointments_for(viewer=viewer, application_id=application_id):
        held = appointments.open_ticket_of(appointment_id=one.id)
        if held is not None:
            line = appointments.line(centre=held.centre, now=clock.now())
            minutes = next((each.minutes for each in line if each.id == held.id), None)
            return {
                "number": number_words(held.number),
                "state": state_words(held.state),
                "window": held.window,
                "wait": wait_words(minutes) if held.state == "waiting" else "",
                "centre": held.centre,
            }
    return None


def _near(request: HttpRequest) -> str:
    """Return the place from which the visitor says they come; what is no place of ours is not taken."""
    near = request.GET.get("near", "")
    return near if near in {one.code for one in appointments.centres()} else ""


def _offer(joint: JointVisit | None, near: str, chosen: date | None) -> dict[str, object]:
    """Return the best few times, the days that have any, and the times of the day that was chosen."""
    centres = {one.code: one for one in appointments.centres()}
    now = clock.now()
    days = calls.days_of(joint, now=now) if joint else ()
    offers = calls.visit_offers(joint, now=now, near=near) if joint else ()
    slots = calls.slots_on(joint, chosen, now=now) if joint and chosen in days else ()
    times = [_slot(one, centres) for one in slots]
    return {
        "ready_on": _not_before(joint) if not days else None,
        "next": [_slot(one, centres, _worth_saying(offers)) for one in offers],
        "near": near,
        "places": [(code, said(one.name)) for code, one in centres.items() if one.is_open and one.is_general],
        "days": [{"day": day, "chosen": day == chosen} for day in days],
        "day": chosen,
        "at_centres": [
            (name, list(group))
            for name, group in groupby(
                sorted(times, key=lambda one: one["centre"]), key=lambda one: one["centre"]
            )
        ],
    }


def _not_before(joint: JointVisit | None) -> date | None:
    """Return the day from which the visit can be made, where that is still to come."""
    ready_on = max((call.ready_on for call in joint.calls), default=None) if joint else None
    return ready_on if ready_on and ready_on > clock.today() else None


def _worth_saying(offers: Sequence[Slot]) -> Collection[str]:
    """Return the reasons that tell one offer from another: where nobody waits, nobody waits least."""
    return REASONS.keys() if any(one.waiting for one in offers) else REASONS.keys() - {"least_waiting"}


def _slot(one: Slot, centres: dict[str, CentreView], reasons: Collection[str] = ()) -> dict[str, object]:
    centre = centres[one.centre]
    return {
        "id": one.id,
        "starts_at": one.starts_at,
        "centre": said(centre.name),
        "address": said(centre.address),
        "waiting": one.waiting,
        "because": [REASONS[reason] for reason in one.because if reason in reasons],
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
    booked = booked_appointment(viewer, application_id)
    services = _services(viewer, application_id, booked)
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
    booked = booked_appointment(viewer, application_id)
    services = _services(viewer, application_id, booked)
    shown = booked_visit([booked]) if booked else None
    if booked is None or shown is None:
        raise Http404
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OneVisit//EN", "BEGIN:VEVENT", f"UID:{booked.id}",
        f"DTSTAMP:{_stamp(timezone.now())}", f"DTSTART:{_stamp(booked.starts_at)}", f"DTEND:{_stamp(booked.ends_at)}",
        f"SUMMARY:{_escaped(', '.join(services))}", "LOCATION:" + _escaped(f"{shown['centre']}, {shown['address']}"),
        f"DESCRIPTION:{_escaped(_code_words(booked))}",
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return HttpResponse("\r\n".join(lines), content_type="text/calendar; charset=utf-8")


def _code_words(booked: AppointmentView) -> str:
    return gettext("Code for the reception: %(code)s") % {"code": appointments.booking_code(booked.id)}


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
