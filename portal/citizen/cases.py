"""One's own case: where it stands, what comes next and when, who has it, and what has happened so far."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.commitments import finding_lines
from portal.citizen.proofs import evidence_lines
from portal.citizen.ratings import said_of
from portal.citizen.visits import booked_visit
from portal.results import result_rows
from portal.story import decision_lines, for_both, route, state_words, story, waits
from portal.treasury import pay_link
from portal.words import cited, office_names, proved_row, said
from services import clock
from services.cases.actions import following
from services.cases.queries import acting, cards, cases, checks
from services.cases.queries.cases import CaseView
from services.cases.queries.drafts import RequirementView
from services.catalogue import queries as catalogue
from services.core.acting import IN_WORDS
from services.core.states import CaseState, Role, may_move
from services.core.waiting import UNDECIDED
from services.notices import queries as notices
from services.people.queries import AccountView


@require_safe
@citizen_page
def case(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Show the case, whole, in plain words."""
    view = cases.case(viewer=viewer, case_id=case_id)
    events = cases.timeline(viewer=viewer, case_id=case_id)
    told = cases.answers(viewer=viewer, case_id=case_id)
    given_in = view.application_id if view.card.state in UNDECIDED else None
    kinds = [catalogue.definition(view.version_id)]
    context = _standing(view) | {
        "certificates": result_rows(viewer, [view]),
        "timeline": story(view, events),
        "evidence": evidence_lines(_proved_by(view), kinds, given_in=given_in),
        "findings": finding_lines(checks.checks_of_case(viewer=viewer, case_id=case_id)),
        "answers": [
            proved_row(one.fact, one.value, source=gettext("from a register") if one.proved else "")
            for one in told
        ],
        "assisted": office_names().get(view.assisted_by, ""),
        "acts": _acts(viewer, view.application_id),
        "several": len(cards.cases_of_application(viewer=viewer, application_id=view.application_id)) > 1,
        "letters": notices.letters_of(case_id, language=get_language() or "en", account_id=viewer.id),
        "said": said_of(viewer, case_id, view.card.state),
        "may_withdraw": may_move(CaseState(view.card.state), CaseState.WITHDRAWN, Role.APPLICANT),
    }
    return render(request, "citizen/case.html", context)


def _acts(viewer: AccountView, application_id: UUID) -> list[dict[str, object]]:
    """Return what an agent did in the application, each act with both names (R11.2)."""
    return [
        {"who": for_both(one.by.agent, one.by.applicant), "what": said(IN_WORDS[one.done]), "at": one.at}
        for one in acting.acts_in(viewer=viewer, application_id=application_id)
    ]


def _proved_by(view: CaseView) -> tuple[RequirementView, ...]:
    """Return what the case rests on; what is missing is told as long as it can still be given."""
    is_open = view.card.state in UNDECIDED
    return tuple(one for one in view.requirements if is_open or one.evidence)


def _standing(view: CaseView) -> dict[str, Any]:
    """Return what the case page says first: the state, what is awaited, the way, the result."""
    bill = view.bill
    return {
        "view": view,
        "title": said(view.card.name),
        "state": state_words(view.card),
        "waits": waits(view),
        "stages": route(view),
        "office": catalogue.organisation(view.card.organisation, get_language() or "en"),
        "decision": decision_lines(view),
        "pauses": [{"view": one, "kind": said(one.kind_name)} for one in view.pauses],
        "bill": bill,
        "bill_item": said(bill.item) if bill else "",
        "bill_basis": cited(bill.legal_basis) if bill else "",
        "pay_url": pay_link(bill, return_path=reverse("citizen:case", args=[view.card.id]))
        if bill and not bill.paid
        else "",
        "visit": booked_visit(view.appointments),
    }


@require_http_methods(["GET", "POST"])
@citizen_page
def withdraw(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Ask once more, then withdraw the case; nothing is held against anybody."""
    if request.method == "POST":
        following.withdraw_case(viewer=viewer, case_id=case_id, now=clock.now())
        messages.success(request, gettext("The application is withdrawn."))
        return redirect("citizen:case", case_id=case_id)
    view = cases.case(viewer=viewer, case_id=case_id)
    return render(request, "citizen/withdraw.html", {"view": view, "title": said(view.card.name)})
