"""The beginning of one application for several services that were put together: for whom, and then the questions."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from portal import together
from portal.citizen.coming_in import citizen_page
from portal.words import language_of_texts
from services import clock
from services.cases.actions import drafting
from services.cases.queries import applications
from services.cases.queries.together import PlanView, definitions_in, plans_together
from services.people import queries as people
from services.people.queries import AccountView

ME, GUARDIAN, PERSON = "me", "guardian", "person:"


@require_http_methods(["GET", "POST"])
@citizen_page
def begin_together(request: HttpRequest, viewer: AccountView, part: int) -> HttpResponse:
    """Ask for whom the application is, where there is a choice, and begin it; what has begun leaves the plan.

    With what has begun, the other parts move up. What is sent names its services, and never begins another part:
    sent once more, it leads to the draft.
    """
    kept = together.chosen(request)
    plan = _named(kept.services, request) if request.method == "POST" else _part(kept.services, part)
    if plan is None:
        return _begun(viewer, request)
    choices = _choices(viewer, plan)
    posted = request.POST.get("holder", choices[0][0] if len(choices) == 1 else "")
    if request.method == "POST" and posted in [value for value, *_ in choices]:
        application_id = _begin(viewer, plan, posted, kept.bundle)
        together.leave_out(request, plan.services)
        return redirect("citizen:go_on", application_id=application_id)
    error = gettext("Choose for whom you apply.") if request.method == "POST" and choices else ""
    field = {
        "name": "holder", "type": "choice", "ask": gettext("For whom do you apply?"), "hint": "", "value": "",
        "error": error, "choices": choices,
    }  # fmt: skip
    context = {"plan": plan, "field": field, "errors": [("holder", error)] if error else [], "viewer": viewer}
    return render(request, "citizen/begin_together.html", context, status=422 if error else 200)


def _part(services: Sequence[str], part: int) -> PlanView:
    plans = plans_together(services=services, language=get_language(), today=clock.today())
    if not 1 <= part <= len(plans):
        raise Http404
    return plans[part - 1]


def _named(services: Sequence[str], request: HttpRequest) -> PlanView | None:
    """Return the part that the form was about; None if it has been put together no more."""
    named = set(request.POST.getlist("service"))
    plans = plans_together(services=services, language=get_language(), today=clock.today())
    return next((plan for plan in plans if set(plan.services) == named), None)


def _begun(viewer: AccountView, request: HttpRequest) -> HttpResponse:
    """Lead to the draft for the services that the form was about, or back to what is put together."""
    draft = applications.draft_for(viewer=viewer, services=request.POST.getlist("service"))
    return redirect("citizen:go_on", application_id=draft) if draft else redirect("public:together")


def _begin(viewer: AccountView, plan: PlanView, chosen: str, bundle: str) -> UUID:
    person = chosen.removeprefix(PERSON) if chosen.startswith(PERSON) else ""
    return drafting.start_application(
        viewer=viewer,
        services=plan.services,
        bundle=bundle,
        business_id=None if person or chosen in (ME, GUARDIAN) else UUID(chosen),
        person_id=UUID(person) if person else None,
        as_guardian=chosen == GUARDIAN,
        language=language_of_texts(),
        now=clock.now(),
    )


def _choices(viewer: AccountView, plan: PlanView) -> list[tuple[str, str, str]]:
    """Return for whom this account can file all of it, as the answers of a question."""
    members = definitions_in(plan.services)
    kinds = {one.applicant for one in members}
    choices = []
    if "business" not in kinds or plan.founds:
        choices.append((ME, gettext("For myself"), ""))
        if any(one.guardian_files for one in members):
            choices.append((GUARDIAN, gettext("For my child, or for somebody I am the guardian of"), ""))
        by_mandate, persons = gettext("By their mandate"), _persons(viewer, plan.services)
        choices += [(f"{PERSON}{one}", name, by_mandate) for one, name in persons.items()]
    if "person" not in kinds:
        choices += [(str(one.id), one.name, one.uscc) for one in _businesses(viewer, plan.services)]
    return choices


def _persons(viewer: AccountView, services: Sequence[str]) -> dict[UUID, str]:
    """Return whom this account may act for in every one of the services."""
    on = clock.today()
    found = [
        {one.id: one.name for one in people.persons_represented(viewer.id, on=on, service=code)}
        for code in services
    ]
    return {one: name for one, name in found[0].items() if all(one in others for others in found)}


def _businesses(viewer: AccountView, services: Sequence[str]) -> list[people.BusinessView]:
    on = clock.today()
    return [
        one
        for one in people.businesses_of(viewer.id, on=on)
        if all(
            people.may_act_for(account_id=viewer.id, business_id=one.id, service_code=code, on=on)
            for code in services
        )
    ]
