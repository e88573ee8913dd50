"""Filing with a gap: something is promised by a day and in a way, in a text read and signed on the spot (R5)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from portal.words import day, isolated, said
from services import clock
from services.cases.actions import promising
from services.cases.actions.promising import PromiseToSign
from services.cases.queries import drafts
from services.catalogue import queries as catalogue
from services.core.promises import Delivery, DeliveryNotOffered, NotDeferrable, PromiseTooLate
from services.evidence.actions import TextHasChanged
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def promise(
    request: HttpRequest, viewer: AccountView, application_id: UUID, requirement: str
) -> HttpResponse:
    """Choose the day and the way, read the notice for them, and sign exactly that text."""
    named = {"viewer": viewer, "application_id": application_id, "requirement": requirement}
    typed = request.POST if request.method == "POST" else request.GET
    chosen, error = _chosen(typed)
    # Whoever has chosen nothing yet reads the notice for what is sent online.
    wanted = {**named, "until": chosen, "delivery": typed.get("delivery", "") or Delivery.UPLOAD}
    unread = ""
    if request.method == "POST" and chosen and request.POST.get("read") == "yes":
        try:
            promising.promise_to_follow(**wanted, read_digest=request.POST.get("digest", ""), now=clock.now())
            return redirect("citizen:papers", application_id=application_id)
        except (TextHasChanged, PromiseTooLate, DeliveryNotOffered) as refusal:
            unread = sentence(refusal)
    elif request.method == "POST":
        unread = gettext("Tick that you have read the text and that it is true.")
    return _page(request, wanted, error, unread)


def _page(request: HttpRequest, wanted: dict[str, Any], error: str, unread: str) -> HttpResponse:
    trip = ""
    try:
        found = promising.promise_to_sign(**wanted, now=clock.now())
    except (PromiseTooLate, DeliveryNotOffered) as refusal:
        trip = sentence(refusal) if isinstance(refusal, DeliveryNotOffered) else ""
        error = error or ("" if trip else sentence(refusal))
        named = {name: wanted[name] for name in ("viewer", "application_id", "requirement")}
        found = promising.promise_to_sign(**named, now=clock.now())
    draft = drafts.draft(viewer=wanted["viewer"], application_id=wanted["application_id"])
    one = next((one for one in draft.requirements if one.code == wanted["requirement"]), None)
    if one is None:
        raise NotDeferrable
    errors = [(name, told) for name, told in (("until", error), ("delivery", trip), ("read", unread)) if told]
    context = {
        "draft": draft, "title": said(draft.names[0]), "name": said(one.name), "text": found.text,
        "fields": [_day_field(found, error), _delivery_field(found, trip)], "until": found.until,
        "delivery": found.delivery, "unread": unread, "errors": errors, "language": found.text.language,
    }  # fmt: skip
    return render(request, "citizen/promise.html", context, status=422 if errors else 200)


def _day_field(found: PromiseToSign, error: str) -> dict[str, Any]:
    return {
        "name": "until", "type": "date", "ask": gettext("By which day will you bring it in?"), "value": found.until,
        "hint": gettext("%(day)s at the latest: the office decides by then.") % {"day": day(found.last_day)},
        "error": error,
    }  # fmt: skip


def _delivery_field(found: PromiseToSign, trip: str) -> dict[str, Any]:
    """Return the question how it comes: online and post first, and a trip last, if at all (R5.6)."""
    office = catalogue.organisation(found.organisation, get_language() or "en")
    where = gettext("%(office)s, %(address)s") % {
        "office": isolated(office.name), "address": isolated(office.address),
    }  # fmt: skip
    words = {
        Delivery.UPLOAD: (gettext("Online"), gettext("A photo or a PDF, from your case’s page.")),
        Delivery.POST: (gettext("By post"), gettext("The original, to %(where)s.") % {"where": where}),
        Delivery.WINDOW: (
            gettext("At the window"),
            gettext("The original, at %(where)s. This is your one visit.") % {"where": where},
        ),
    }
    return {
        "name": "delivery", "type": "choice", "ask": gettext("How will you bring it in?"), "value": found.delivery,
        "hint": "", "error": trip, "choices": [(one.value, *words[one]) for one in found.deliveries],
    }  # fmt: skip


def _chosen(typed: QueryDict) -> tuple[date | None, str]:
    """Return the day that was chosen, if any, and what is wrong with it."""
    parts = [typed.get(f"until.{part}", "").strip() for part in ("year", "month", "day")]
    if not any(parts):
        return None, ""
    try:
        year, month, number = (int(part) for part in parts)
        return date(year, month, number), ""
    except ValueError:
        return None, gettext("Write a day with year, month and day.")
