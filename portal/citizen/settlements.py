"""How everything is proved, for the applicant: before filing, while it is handled, and as it was decided."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.citizen.places import DRAFT, FOUND_BY_US
from portal.settling import Line, settlement_line
from portal.words import office_names, said
from services import clock
from services.cases.actions import evidence as saying
from services.cases.queries import cases, drafts, settlements
from services.cases.queries.settlements import SettlementSheet, SettlementView
from services.core.evidence import Source, Standing
from services.core.waiting import UNDECIDED
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def of_case(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Show how every requirement of the case is settled; sent back, it says that what was found is right (R3.15)."""
    view = cases.case(viewer=viewer, case_id=case_id)
    if request.method == "POST":
        return _confirmed(request, viewer, view.application_id)
    sheet = settlements.case_settlements(viewer=viewer, case_id=case_id)
    back = {"href": reverse("citizen:case", args=[case_id]), "text": gettext("The case")}
    return _page(request, sheet, said(view.card.name), back, open_to_say=view.card.state in UNDECIDED)


@require_http_methods(["GET", "POST"])
@citizen_page
def of_application(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Show how every requirement of an application stands, of a draft as if it were filed now."""
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    if request.method == "POST":
        return _confirmed(request, viewer, application_id)
    sheet = settlements.application_settlements(viewer=viewer, application_id=application_id)
    back = {"href": reverse("citizen:go_on", args=[application_id]), "text": gettext("The application")}
    return _page(request, sheet, said(draft.names[0]), back, open_to_say=draft.state == DRAFT)


def _confirmed(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    saying.confirm_findings(viewer=viewer, application_id=application_id, now=clock.now())
    messages.success(request, gettext("Noted: what the offices told us is right."))
    return redirect(request.path)


def _page(
    request: HttpRequest, sheet: SettlementSheet, title: str, back: Line, *, open_to_say: bool
) -> HttpResponse:
    offices = office_names()
    found = [proof for one in sheet.settlements for proof in one.proofs if _is_mine(one)]
    unconfirmed = any(one.source in FOUND_BY_US and not one.confirmed for one in found)
    context = {
        "title": title,
        "back": back,
        "lines": [
            settlement_line(one, offices) | (_way_on(sheet, one) if open_to_say else {})
            for one in sheet.settlements
        ],
        "proved": sheet.proved,
        "of": len(sheet.settlements),
        "decided_on": sheet.decided_on,
        "unconfirmed": open_to_say and unconfirmed,
    }
    return render(request, "citizen/settlement.html", context)


def _is_mine(one: SettlementView) -> bool:
    return one.party == "applicant"


def _way_on(sheet: SettlementSheet, one: SettlementView) -> Line:
    """Return where the applicant can say that something found is wrong, take their word back, or give what is open."""
    found = next((proof for proof in one.proofs if proof.source in FOUND_BY_US), None)
    if found is not None and _is_mine(one):
        disputing = reverse("citizen:dispute", args=[sheet.application_id, found.id])
        return {"href": disputing, "link": gettext("This is not right")}
    word = next((proof for proof in one.proofs if proof.source is Source.DECLARATION), None)
    if word is not None and _is_mine(one):
        taking_back = reverse("citizen:take_back", args=[sheet.application_id, word.id])
        return {"href": taking_back, "link": gettext("Take it back")}
    if one.standing is Standing.OPEN and one.ways:
        giving = reverse("citizen:paper", args=[sheet.application_id, one.code])
        return {"href": giving, "link": gettext("Give it now")}
    return {}
