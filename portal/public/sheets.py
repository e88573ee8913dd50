"""How an application stands, for whoever has the sheet that was printed at the counter (R11.4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.guesses import count_guess
from portal.refusals import sentence
from portal.story import first_wait, state_words
from portal.words import said
from services.cases.actions.assisting import SheetCodeRefused, cases_of_sheet
from services.cases.queries.cards import CaseCard


@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, and tell how it stands: nothing of either stands in an address, and nobody is named."""
    typed = {name: request.POST.get(name, "").strip() for name in ("number", "code")}
    errors: dict[str, str] = {}
    found: tuple[CaseCard, ...] = ()
    if request.method == "POST":
        count_guess(request)
        try:
            found = cases_of_sheet(**typed)
        except SheetCodeRefused as refusal:
            errors = {"code": sentence(refusal)}
    context = {
        "fields": _fields(typed, errors), "errors": list(errors.items()),
        "shown": request.method == "POST" and not errors,
        "cases": [
            {"card": one, "name": said(one.name), "state": state_words(one), "wait": first_wait(one)} for one in found
        ],
    }  # fmt: skip
    return render(request, "public/sheet.html", context, status=422 if errors else 200)


def _fields(typed: dict[str, str], errors: dict[str, str]) -> list[dict[str, object]]:
    asked = {"number": gettext("Number of the application"), "code": gettext("Code on the sheet")}
    return [
        {
            "name": name, "type": "text", "format": "code", "max_length": 40, "ask": ask, "hint": "",
            "value": typed[name], "error": errors.get(name, ""),
        }
        for name, ask in asked.items()
    ]  # fmt: skip
