"""One thing, one application: bundles by event, a few questions about the situation, and the plan before it begins."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_bidi, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import together
from portal.plan_picture import picture
from services import clock
from services.cases.queries.together import plans_together
from services.catalogue import queries as catalogue

KINDS = ("life", "business")


@require_safe
def bundles(request: HttpRequest) -> HttpResponse:
    """Show every bundle, by what happens in a life or in a business."""
    found = catalogue.bundles(get_language())
    context = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    return render(request, "public/bundles.html", context)


@require_http_methods(["GET", "POST"])
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the few questions about the situation, all on one page; the answers choose the services (R7.8)."""
    try:
        found = catalogue.bundle(code, get_language())
    except catalogue.NoSuchBundle as refusal:
        raise Http404 from refusal
    posted = request.method == "POST"
    fields = [_field(service, ask, request, posted) for service, ask in found.situations.items()]
    errors = [(one["name"], one["error"]) for one in fields if one["error"]]
    if posted and not errors:
        answers = {service: request.POST[service] == "yes" for service in found.situations}
        together.choose(request, catalogue.services_chosen(code, answers), code)
        return redirect("public:together")
    names = catalogue.service_names(found.services, get_language())
    always = [names[one] for one in found.services if one not in found.situations]
    context = {"bundle": found, "fields": fields, "errors": errors, "always": always}
    return render(request, "public/bundle.html", context, status=422 if errors else 200)


def _field(service: str, ask: str, request: HttpRequest, posted: bool) -> dict[str, Any]:
    value = request.POST.get(service, "")
    error = gettext("Answer yes or no.") if posted and value not in ("yes", "no") else ""
    return {"name": service, "type": "yes_no", "ask": ask, "hint": "", "value": value, "error": error}


@never_cache
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Show what putting these services together means: one plan for each application that it takes."""
    kept = together.chosen(request)
    found = plans_together(services=kept.services, language=get_language(), today=clock.today())
    parts = [
        {"plan": one, "picture": picture(one, from_right=get_language_bidi()), "number": number}
        for number, one in enumerate(found, start=1)
    ]
    context = {"parts": parts, "bundle": _bundle(kept), "count": len(kept.services)}
    return render(request, "public/plan.html", context)


def _bundle(kept: together.Chosen) -> catalogue.BundleView | None:
    try:
        return catalogue.bundle(kept.bundle, get_language()) if kept.bundle else None
    except catalogue.NoSuchBundle:
        return None


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Put a service to the others, leave one out, or begin anew; then show the plan again."""
    asked: Mapping[str, str] = request.POST
    if "all" in asked:
        together.choose(request, ())
    if asked.get("leave_out"):
        together.leave_out(request, [asked["leave_out"]])
    if asked.get("add"):
        if not catalogue.service_names([asked["add"]], "en"):
            raise Http404
        together.add(request, asked["add"])
    return redirect("public:together")
