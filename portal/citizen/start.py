"""The beginning of an application: what to expect, for whom it is, and the way back into a draft."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.places import next_place
from portal.words import language_of_texts
from services import clock
from services.cases.actions import drafting
from services.cases.queries import applications, cards, drafts
from services.catalogue import queries as catalogue
from services.core.states import CaseState
from services.people import queries as people
from services.people.queries import AccountView

ME, GUARDIAN, PERSON = "me", "guardian", "person:"


@require_http_methods(["GET", "POST"])
@citizen_page
def start(request: HttpRequest, viewer: AccountView, code: str) -> HttpResponse:
    """Say what to expect, and begin; where it matters, ask first for whom."""
    page = catalogue.service_page(code, get_language())
    choices = _choices(viewer, code)
    if request.method == "POST" and len(choices) == 1:
        return _begin(viewer, code, choices[0][0])
    if request.method == "POST":
        return redirect("citizen:for_whom", code=code)
    drafted = [
        one for one in applications.open_applications(viewer=viewer) if code in one.services and one.mine
    ]
    return render(request, "citizen/start.html", {"service": page, "viewer": viewer, "drafts": drafted})


@require_http_methods(["GET", "POST"])
@citizen_page
def for_whom(request: HttpRequest, viewer: AccountView, code: str) -> HttpResponse:
    """Ask for whom the application is: oneself, one's child, or a person or business one may act for."""
    page, choices = catalogue.service_page(code, get_language()), _choices(viewer, code)
    chosen = request.POST.get("holder", "")
    if request.method == "POST" and chosen in [value for value, *_ in choices]:
        return _begin(viewer, code, chosen)
    error = gettext("Choose for whom you apply.") if request.method == "POST" else ""
    field = {
        "name": "holder", "type": "choice", "ask": gettext("For whom do you apply?"), "hint": "", "value": "",
        "error": error, "choices": choices,
    }  # fmt: skip
    context = {"service": page, "field": field, "errors": [("holder", error)] if error else []}
    return render(request, "citizen/for_whom.html", context, status=422 if error else 200)


@require_safe
@citizen_page
def go_on(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Lead to what comes next: in a draft the next page, afterwards the case that awaits its applicant."""
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    filed = cards.cases_of_application(viewer=viewer, application_id=application_id)
    awaiting = [one for one in filed if one.state == CaseState.CORRECTION_REQUESTED]
    if awaiting:
        return redirect("citizen:correction", case_id=awaiting[0].id)
    if filed:
        return redirect("citizen:case", case_id=filed[0].id)
    return redirect(next_place(draft, viewer))


def _begin(viewer: AccountView, code: str, chosen: str) -> HttpResponse:
    person = chosen.removeprefix(PERSON) if chosen.startswith(PERSON) else ""
    application_id = drafting.start_application(
        viewer=viewer,
        services=[code],
        business_id=None if person or chosen in (ME, GUARDIAN) else UUID(chosen),
        person_id=UUID(person) if person else None,
        as_guardian=chosen == GUARDIAN,
        language=language_of_texts(),
        now=clock.now(),
    )
    return redirect("citizen:go_on", application_id=application_id)


def _choices(viewer: AccountView, code: str) -> list[tuple[str, str, str]]:
    """Return for whom this account can file this service, as the answers of a question."""
    definition = catalogue.definition(catalogue.current_version_id(code))
    choices = []
    if definition.applicant != "business":
        choices.append((ME, gettext("For myself"), ""))
        choices += (
            [(GUARDIAN, gettext("For my child, or for somebody I am the guardian of"), "")]
            if definition.guardian_files
            else []
        )
        by_mandate = gettext("By their mandate")
        choices += [(f"{PERSON}{one.id}", one.name, by_mandate) for one in _persons(viewer, code)]
    if definition.applicant != "person":
        choices += [(str(one.id), one.name, one.uscc) for one in _businesses(viewer, code)]
    return choices


def _persons(viewer: AccountView, code: str) -> tuple[people.Represented, ...]:
    return people.persons_represented(viewer.id, on=clock.today(), service=code)


def _businesses(viewer: AccountView, code: str) -> list[people.BusinessView]:
    on = clock.today()
    return [
        one
        for one in people.businesses_of(viewer.id, on=on)
        if people.may_act_for(account_id=viewer.id, business_id=one.id, service_code=code, on=on)
    ]
