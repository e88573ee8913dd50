"""What a supervisor looks after: cases that no worker can move, and registers that do not answer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from portal.clerk.coming_in import desk_page, operators_page
from portal.words import day, said
from services import clock
from services.cases.actions import supervising
from services.cases.queries import desk
from services.catalogue.queries import groups
from services.core.states import Role
from services.evidence.queries import registers as evidence
from services.evidence.queries.registers import Condition, RegisterView
from services.people.queries import AccountView


@require_safe
@desk_page
def set_aside(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List the cases of the office that were set aside, each with the reason."""
    if viewer.role is not Role.SUPERVISOR:
        raise Http404
    found = desk.set_aside(viewer=viewer)
    context = {"cases": [{"case": one, "service": said(one.service_name)} for one in found]}
    return render(request, "desk/set_aside.html", context)


@require_POST
@desk_page
def retry(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Put a case back into the queue of the workers."""
    supervising.retry_set_aside(viewer=viewer, case_id=case_id, now=clock.now())
    messages.success(
        request, gettext("The case is tried again now. If it fails once more, it comes back here.")
    )
    return redirect("clerk:set_aside")


@require_safe
@operators_page
def registers(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Show how the offices' registers do, those that fail first."""
    language = get_language()
    found = evidence.registers(viewer=viewer, language=language, now=clock.now())
    offices = groups.organisation_names(language)
    failing = sum(one.condition in (Condition.DOWN, Condition.DISTRUSTED) for one in found)
    context = {
        "rows": [_row(one, offices.get(one.organisation, one.organisation)) for one in found],
        "failing": failing,
        "days": evidence.RECENT_DAYS,
    }
    return render(request, "desk/registers.html", context)


def _row(one: RegisterView, office: str) -> dict[str, object]:
    tones = {Condition.ANSWERS: "good", Condition.DOWN: "wait", Condition.DISTRUSTED: "bad"}
    words = {
        Condition.ANSWERS: gettext("answers"),
        Condition.DOWN: gettext("does not answer"),
        Condition.DISTRUSTED: gettext("not trusted"),
        Condition.NOT_ASKED: gettext("not asked lately"),
    }
    return {
        "register": one,
        "office": office,
        "words": words[one.condition],
        "tone": tones.get(one.condition, ""),
        "since": _moment(one.since),
        "answered": _moment(one.lately.answered_at),
    }


def _moment(at: datetime | None) -> str:
    local = localtime(at) if at else None
    return f"{day(local)}, {local:%H:%M}" if local else ""
