"""Rating by the link in a letter: once, without signing in, and nothing of the person is told (R9.9)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.rating_words import rating_form, said_in
from portal.refusals import STATUS, mistakes, sentence
from services import clock
from services.cases.actions import rating
from services.catalogue import queries as catalogue
from services.core.refusal import Kind, Refusal


@require_http_methods(["GET", "POST"])
@never_cache
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how it went; an answer uses the link up, looking at the page does not."""
    wrong, status = {}, 200
    link = rating.link_subject(token=token, now=clock.now())
    names = catalogue.service_names({link.case.service}, get_language() or "en")
    about = {"title": names.get(link.case.service, ""), "is_visit": link.touchpoint == "visit"}
    if request.method == "POST":
        try:
            rating.rate_by_link(token=token, said=said_in(request.POST), now=clock.now())
            return render(request, "public/rated.html", about)
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal) or {"": sentence(refusal)}, STATUS[refusal.kind]
    context = about | {
        "form": rating_form(link.touchpoint, request.POST, wrong),
        "errors": list(wrong.items()),
        "until": link.until,
    }
    return render(request, "public/rate.html", context, status=status)
