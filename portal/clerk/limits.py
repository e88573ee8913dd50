"""Time that does not count and time that is added, each a form of its own; and why each day counted, and the record."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.clerk.words import day_words
from portal.clerk.work import version_of
from portal.refusals import STATUS, mistakes, sentence
from portal.words import said
from services import clock
from services.cases.actions import pausing, reading
from services.cases.actions.versions import expect_case
from services.cases.queries import cards, limits, records
from services.cases.queries.limits import WhichLimit
from services.core.pauses import KIND_NAMES
from services.core.refusal import Kind, Refusal
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@desk_page
def pause(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Pause the limits for something on the law's closed list (R2.21)."""

    def act() -> None:
        pausing.pause_case(
            viewer=viewer, case_id=case_id, kind=request.POST.get("kind", ""),
            legal_basis=request.POST.get("legal_basis", ""),
            planned_days=_number(request.POST.get("planned_days", "")), now=clock.now(),
        )  # fmt: skip

    kinds = [(str(code), said(name)) for code, name in KIND_NAMES.items()]
    told = gettext("the time stands still, and the applicant has the letter.")
    return _form(request, viewer, case_id, "desk/pause.html", act, told=told, kinds=kinds)


@require_http_methods(["GET", "POST"])
@desk_page
def extend(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Approve more days, once, with reasons that the applicant reads (R2.11)."""

    def act() -> None:
        pausing.extend_case(
            viewer=viewer, case_id=case_id, days=_number(request.POST.get("days", "")),
            reasons=request.POST.get("reasons", ""), now=clock.now(),
        )  # fmt: skip

    longest = clock.profile().extension_days
    told = gettext("extended; the applicant has the letter.")
    return _form(request, viewer, case_id, "desk/extend.html", act, told=told, longest=longest)


@require_POST
@desk_page
def resume(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Let the time count again before the told length is over (R2.23)."""
    try:
        with transaction.atomic():
            expect_case(viewer=viewer, case_id=case_id, version=version_of(request.POST))
            pausing.resume_case(viewer=viewer, case_id=case_id, now=clock.now())
        messages.success(request, gettext("The time counts again."))
    except Refusal as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        messages.warning(request, sentence(refusal))
    return redirect("clerk:case", case_id=case_id)


@require_safe
@desk_page
def days(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Explain both limits day by day: which counted, and why the others did not."""
    view = reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())
    named = {WhichLimit.PROMISED: gettext("As promised"), WhichLimit.STATUTORY: gettext("As the law allows")}
    tables = [
        {"name": name, "days": [_day(one) for one in _explained(viewer, case_id, which)]}
        for which, name in named.items()
    ]
    return render(request, "desk/days.html", {"view": view, "title": said(view.card.name), "tables": tables})


def _explained(viewer: AccountView, case_id: UUID, which: WhichLimit) -> Any:
    return limits.explained_days(viewer=viewer, case_id=case_id, limit=which)


def _day(one: Any) -> dict[str, Any]:
    return {"on": one.on, "counted": one.counted, "why": day_words(one.why)}


@require_safe
@desk_page
def record(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Verify the record of the case from its first entry to its last."""
    view = reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())
    found = records.record_of_case(viewer=viewer, case_id=case_id)
    return render(request, "desk/record.html", {"view": view, "title": said(view.card.name), "record": found})


def _form(
    request: HttpRequest,
    viewer: AccountView,
    case_id: UUID,
    template: str,
    act: Callable[[], None],
    *,
    told: str,
    **more: Any,
) -> HttpResponse:
    """Show the form, or do the act; what is refused comes back in the form, with everything that was typed."""
    wrong, status = {}, 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                expect_case(viewer=viewer, case_id=case_id, version=version_of(request.POST))
                act()
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal), STATUS[refusal.kind]
        else:
            card = cards.case_card(viewer=viewer, case_id=case_id)
            messages.success(request, f"{card.number}: {told}")
            return redirect("clerk:case", case_id=case_id)
    view = reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())
    typed = {
        name: request.POST.get(name, "")
        for name in ("kind", "legal_basis", "planned_days", "days", "reasons")
    }
    context = {"view": view, "title": said(view.card.name), "typed": typed, "wrong": wrong, **more}
    return render(request, template, context | {"errors": list(wrong.items())}, status=status)


def _number(text: str) -> int:
    """Return the number written; what is none is as good as nothing, and refused as such."""
    words = text.strip()
    return int(words) if words.isascii() and words.isdigit() and len(words) < 6 else 0
