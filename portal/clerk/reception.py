"""The reception: whoever comes gets a ticket, by their booking, by their document, or for a question (R6.5, R6.7)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.clerk.coming_in import desk_page
from portal.clerk.visits import CENTRE
from portal.clerk.words import document_words
from portal.refusals import STATUS, mistakes, sentence
from portal.ticket_words import help_words, language_words
from portal.words import said
from services import clock
from services.cases.actions import arriving
from services.cases.actions.arriving import Comer, Document
from services.cases.queries import desk
from services.core.refusal import Refusal
from services.people.queries import AccountView
from services.visits import queries as visits
from services.visits.queries import TicketView

DOCUMENTS = ("resident_id", "passport", "residence_card")


@require_http_methods(["GET", "POST"])
@desk_page
def reception(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Give tickets: `code` as the square code of a booking opens it, or what the officer types."""
    centres = {one.code: said(one.name) for one in desk.centres_of(viewer=viewer)}
    chosen, refused = request.session.get(CENTRE, ""), None
    if chosen not in centres:
        return redirect("clerk:visits")
    if request.method == "POST":
        try:
            given = _receive(viewer, request.POST, chosen)
            return redirect(f"{reverse('clerk:reception')}?ticket={given}")
        except Refusal as refusal:
            refused = refusal
    typed = request.POST if request.method == "POST" else request.GET
    context = {
        "centre": centres[chosen],
        "given": _given(request.GET.get("ticket", "")),
        "code": typed.get("code", ""),
        "appointment": typed.get("appointment", ""),
        "by": typed.get("by", ""),
        "documents": [(one, document_words(one)) for one in DOCUMENTS],
        "typed": {name: typed.get(name, "") for name in ("kind", "number", "kind2", "number2", "language")},
        "languages": list(language_words().items()),
        "help": [(code, words, code in typed.getlist("help")) for code, words in help_words().items()],
        "errors": [("", sentence(refused)), *mistakes(refused).items()] if refused else [],
    }
    return render(request, "desk/reception.html", context, status=STATUS[refused.kind] if refused else 200)


def _receive(viewer: AccountView, typed: QueryDict, centre: str) -> UUID:
    language = typed.get("language", "")
    comer = Comer(centre, language if language in language_words() else "", typed.getlist("help"))
    match typed.get("by"):
        case "code":
            return arriving.receive_by_code(
                viewer=viewer, code=typed.get("code", ""), comer=comer, now=clock.now()
            )
        case "appointment":
            return arriving.receive(
                viewer=viewer, appointment_id=_id(typed.get("appointment", "")), comer=comer, now=clock.now()
            )
        case "document":
            return arriving.receive_walk_in(
                viewer=viewer, documents=list(_documents(typed)), comer=comer, now=clock.now()
            )
        case _:
            return arriving.receive_question(viewer=viewer, comer=comer, now=clock.now())


def _documents(typed: QueryDict) -> list[Document]:
    shown = [(typed.get(f"kind{end}", ""), typed.get(f"number{end}", "").strip()) for end in ("", "2")]
    return [Document(kind, number) for kind, number in shown if kind in DOCUMENTS and number]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody's booking: the house says so


def _given(text: str) -> dict[str, Any] | None:
    """Return the ticket that was just given, to be handed over: its number, and about how long it takes."""
    try:
        held: TicketView = visits.ticket(ticket_id=UUID(text))
    except (ValueError, visits.NoSuchTicket):
        return None
    waiting = {one.id: one.minutes for one in visits.line(centre=held.centre, now=clock.now())}
    count = len(held.case_ids)
    return {
        "number": f"{held.number:03}",
        "minutes": waiting.get(held.id),
        "matters": count,
        "title": gettext("Ticket %(number)s") % {"number": f"{held.number:03}"},
    }
