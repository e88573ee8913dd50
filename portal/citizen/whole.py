"""One application for several services on one page: what waits for whom, the visit, fees, results, how it went."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.ratings import to_rate
from portal.citizen.visits import booked_visit
from portal.results import result_rows
from portal.story import first_wait, state_words, waits
from portal.treasury import pay_link
from portal.words import said
from services.cases.queries import cards, cases, drafts
from services.cases.queries.cases import CaseView
from services.people.queries import AccountView


@require_safe
@citizen_page
def whole(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Show the application with every service of it (R7.2, R7.9)."""
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    filed = cards.cases_of_application(viewer=viewer, application_id=draft.id)
    views = [cases.case(viewer=viewer, case_id=one.id) for one in filed]
    bills = [one for view in views for one in _bill(view, draft.id)]
    unpaid = [one["pay_url"] for one in bills if one["pay_url"]]
    context = {
        "draft": draft,
        "cases": [_line(one) for one in views],
        "mine": list({one["title"]: one for view in views for one in waits(view) if one["mine"]}.values()),
        "visit": next((found for view in views if (found := booked_visit(view.appointments))), None),
        "bills": bills,
        # Where there are several, each is paid where it is told.
        "pay": unpaid[0] if len(unpaid) == 1 else "#fees",
        "total": sum((one["bill"].amount for one in bills), Decimal(0)),
        "results": result_rows(viewer, views) if views else [],
        "to_rate": to_rate(viewer, filed),
    }
    return render(request, "citizen/whole.html", context)


def _line(view: CaseView) -> dict[str, Any]:
    return {
        "card": view.card,
        "name": said(view.card.name),
        "state": state_words(view.card),
        "wait": first_wait(view.card),
        "waits_for_visit": view.clock.suspended_from and not view.clock.suspended_until,
    }


def _bill(view: CaseView, application_id: UUID) -> list[dict[str, Any]]:
    """Return the bill of a case, with the way to pay it; all bills of the application stand together."""
    if view.bill is None:
        return []
    here = reverse("citizen:whole", args=[application_id])
    link = "" if view.bill.paid else pay_link(view.bill, return_path=here)
    return [{"bill": view.bill, "name": said(view.card.name), "pay_url": link}]
