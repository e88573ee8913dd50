"""Filing with a gap: something is promised by a day, in a text that is read and signed on the spot (R5.1, R5.2)."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from portal.words import day, said
from services import clock
from services.cases.actions import promising
from services.cases.queries import drafts
from services.core.promises import NotDeferrable, PromiseTooLate
from services.evidence.actions import TextHasChanged
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def promise(
    request: HttpRequest, viewer: AccountView, application_id: UUID, requirement: str
) -> HttpResponse:
    """Choose the day, read the notice for it, and sign exactly that text."""
    named = {"viewer": viewer, "application_id": application_id, "requirement": requirement}
    chosen, error = _chosen(request.POST if request.method == "POST" else request.GET)
    unread = ""
    if request.method == "POST" and chosen and request.POST.get("read") == "yes":
        try:
            promising.promise_to_follow(
                **named, until=chosen, read_digest=request.POST.get("digest", ""), now=clock.now()
            )
            return redirect("citizen:papers", application_id=application_id)
        except (TextHasChanged, PromiseTooLate) as refusal:
            unread = sentence(refusal)
    elif request.method == "POST":
        unread = gettext("Tick that you have read the text and that it is true.")
    return _page(request, named, chosen, error, unread)


def _page(
    request: HttpRequest, named: dict[str, object], chosen: date | None, error: str, unread: str
) -> HttpResponse:
    try:
        text, until, last = promising.promise_to_sign(**named, until=chosen, now=clock.now())
    except PromiseTooLate as refusal:
        error = error or sentence(refusal)
        text, until, last = promising.promise_to_sign(**named, now=clock.now())
    draft = drafts.draft(viewer=named["viewer"], application_id=named["application_id"])
    one = next((one for one in draft.requirements if one.code == named["requirement"]), None)
    if one is None:
        raise NotDeferrable
    field = {
        "name": "until", "type": "date", "ask": gettext("By which day will you bring it in?"), "value": until,
        "hint": gettext("%(day)s at the latest: the office decides by then.") % {"day": day(last)}, "error": error,
    }  # fmt: skip
    errors = [("until", error)] if error else []
    context = {
        "draft": draft, "title": said(draft.names[0]), "name": said(one.name), "text": text, "field": field,
        "until": until, "unread": unread, "errors": errors + ([("read", unread)] if unread else []),
        "language": text.language,
    }  # fmt: skip
    return render(request, "citizen/promise.html", context, status=422 if context["errors"] else 200)


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
