"""What I want done about my data: corrected, deleted or explained, by the office that holds it (R15.8, R15.9)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.citizen.reading_words import case_words
from portal.refusals import STATUS, mistakes
from portal.request_words import outcome_words, request_words
from portal.words import office_names
from services import clock
from services.cases.actions import questioning
from services.cases.queries import questions
from services.core.refusal import Kind, Refusal
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def requests(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List what was asked with its answers, and ask for something more."""
    typed = {name: request.POST.get(name, "") for name in ("case", "asked_for", "words")}
    wrong, status = {}, 200
    if request.method == "POST":
        try:
            questioning.ask_about_data(
                viewer=viewer, case_id=_chosen(typed["case"]), asked_for=typed["asked_for"],
                words=typed["words"], now=clock.now(),
            )  # fmt: skip
            messages.success(request, gettext("Sent. A supervisor of the office answers you in writing."))
            return redirect("citizen:requests")
        except Refusal as refusal:
            wrong, status = mistakes(refusal), STATUS[refusal.kind]
            if refusal.kind is Kind.MISSING:
                wrong, status = {"case": gettext("Choose what it is about.")}, 400
            elif not wrong:
                wrong = {"words": str(refusal)}
    context = {
        "asked": _rows(viewer), "fields": _fields(viewer, typed, wrong), "errors": list(wrong.items()),
        "days": clock.profile().rights_days,
    }  # fmt: skip
    return render(request, "citizen/requests.html", context, status=status)


def _chosen(case: str) -> UUID:
    try:
        return UUID(case)
    except ValueError:
        return UUID(int=0)  # nobody's case: the house says so


def _rows(viewer: AccountView) -> list[dict[str, object]]:
    offices, names = office_names(), case_words(viewer)
    return [
        {
            "view": one,
            "what": request_words()[one.asked_for],
            "office": offices.get(one.organisation, ""),
            "matter": names.get(one.case_id, ""),
            "outcome": outcome_words().get(one.outcome, ("", "")),
        }
        for one in questions.my_requests(viewer=viewer)
    ]


def _fields(viewer: AccountView, typed: dict[str, str], wrong: dict[str, str]) -> list[dict[str, object]]:
    ask = {
        "case": ("choice", gettext("What is it about?"), gettext("The office that handles it answers.")),
        "asked_for": ("choice", gettext("What do you want?"), ""),
        "words": ("text", gettext("Say it in your own words"), gettext("In any language.")),
    }
    choices = {
        "case": [(str(case_id), words) for case_id, words in case_words(viewer).items()],
        "asked_for": list(request_words().items()),
        "words": [],
    }
    return [
        {
            "name": name, "type": kind, "value": typed[name], "error": wrong.get(name, ""), "ask": words,
            "hint": hint, "choices": choices[name], "max_length": questioning.MOST_WORDS,
        }
        for name, (kind, words, hint) in ask.items()
    ]  # fmt: skip
